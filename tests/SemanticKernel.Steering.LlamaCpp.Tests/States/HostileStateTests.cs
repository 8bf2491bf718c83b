using System.Buffers.Binary;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.States;

/// <summary>States that were changed, cut, or made for something else. None may reach native code.</summary>
public class HostileStateTests
{
    private const int LengthOffset = 12;
    private const int CodeBytes = 32;

    [Fact]
    public async Task Restore_AnyBitFlipped_IsRefused()
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync();
        var header = HeaderBytes(state);
        var random = new Random(1);
        var positions = Enumerable.Range(0, header).Concat(Enumerable.Range(state.Length - CodeBytes, CodeBytes))
            .Concat(Enumerable.Range(0, 500).Select(_ => random.Next(header, state.Length)));
        foreach (var position in positions)
        {
            var bit = (byte)(1 << random.Next(8));
            state[position] ^= bit;

            await RefusesAsync(engine, state);

            state[position] ^= bit;
        }

        Assert.True(await engine.RestoreAsync(state) > 64);
    }

    [Fact]
    public async Task Restore_CutShort_IsRefused()
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync();
        var header = HeaderBytes(state);
        foreach (var length in Enumerable.Range(0, 40).Concat([header - 1, header, header + 1, state.Length / 2, state.Length - CodeBytes, state.Length - 1]))
        {
            await RefusesAsync(engine, state[..length]);
        }
    }

    [Fact]
    public async Task Restore_FollowedByOtherBytes_ReadsUpToItsEnd()
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync();
        using var stream = new MemoryStream([.. state, 1, 2, 3]);

        await engine.Client().RestoreConversationAsync(stream, SavedConversation.Key, SavedConversation.Options(), TestContext.Current.CancellationToken);

        Assert.Equal(state.Length, stream.Position);
    }

    [Fact]
    public async Task Restore_PartsOfTwoStates_IsRefused()
    {
        using var engine = SavedConversation.Open(Model());
        var one = await engine.SaveAsync();
        var other = await engine.SaveAsync(SavedConversation.Options(0.75));
        var header = HeaderBytes(one);

        Assert.Equal(one.Length, other.Length);
        await RefusesAsync(engine, [.. one[..header], .. other[header..]]);
        await RefusesAsync(engine, [.. one[..^CodeBytes], .. other[^CodeBytes..]]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(1 << 24)]
    public async Task Restore_ImpossibleLength_IsRefusedBeforeAnythingIsRead(int length)
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync();
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(LengthOffset), length);
        using var stream = new MemoryStream(state);

        await Assert.ThrowsAsync<ConversationStateException>(() => engine.Client().RestoreConversationAsync(
            stream, SavedConversation.Key, SavedConversation.Options(), TestContext.Current.CancellationToken));

        Assert.Equal(LengthOffset + sizeof(int), stream.Position);
    }

    [Fact]
    public async Task Restore_OtherKey_IsRefused()
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync();

        var error = await Assert.ThrowsAsync<ConversationStateException>(() => engine.RestoreAsync(state, key: [.. SavedConversation.Key, 1]));

        Assert.Contains("another key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OtherVersion_IsRefusedNamingIt()
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync();
        state[8]++;

        var error = await Assert.ThrowsAsync<ConversationStateException>(() => engine.RestoreAsync(state));

        Assert.Contains("version 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OtherModel_IsRefused() => Assert.Contains("another model", await RefusalAsync(Model(width: 128)), StringComparison.Ordinal);

    [Fact]
    public async Task Restore_OtherWeights_IsRefused() => Assert.Contains("other weights", await RefusalAsync(Model(seed: 2)), StringComparison.Ordinal);

    [Fact]
    public async Task Restore_OtherCacheType_IsRefused() =>
        Assert.Contains("KvCacheType", await RefusalAsync(Model(), options => options.KvCacheType = KvCacheType.F16), StringComparison.Ordinal);

    [Fact]
    public async Task Restore_OtherTemplate_IsRefused() =>
        Assert.Contains("chat template", await RefusalAsync(Model(), options => (options.ChatTemplate, options.AllowOtherChatTemplate) = ("llama3", true)), StringComparison.Ordinal);

    [Fact]
    public async Task Restore_SmallerContext_IsRefused() =>
        Assert.Contains("ContextSize", await RefusalAsync(Model(), options => options.ContextSize = 64), StringComparison.Ordinal);

    [Fact]
    public async Task Restore_OtherAttention_IsRefusedByLlamaCppAndLeavesTheEngineAsItWas()
    {
        // Without flash attention values are stored in another order.
        using var engine = SavedConversation.Open(Model(), options => options.KvCacheType = KvCacheType.F16);
        using var other = SavedConversation.Open(Model(), options => (options.KvCacheType, options.FlashAttention) = (KvCacheType.F16, FlashAttention.Enabled));
        var before = await other.ContinueAsync();

        var error = await Assert.ThrowsAsync<ConversationStateException>(async () => await other.RestoreAsync(await engine.SaveAsync()));

        Assert.Contains("llama.cpp", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await other.ContinueAsync());
    }

    [Theory]
    [InlineData(SavedConversation.Scope, "other")]
    [InlineData(SavedConversation.Scope, null)]
    [InlineData(null, SavedConversation.Scope)]
    public async Task Restore_OtherCacheScope_IsRefused(string? saved, string? asked)
    {
        using var engine = SavedConversation.Open(Model());
        var state = await engine.SaveAsync(SavedConversation.Options(scope: saved));

        var error = await Assert.ThrowsAsync<ConversationStateException>(() => engine.RestoreAsync(state, SavedConversation.Options(scope: asked)));

        Assert.Contains("cache scope", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string> RefusalAsync(string path, Action<SteeredLlamaOptions>? configure = null)
    {
        using var engine = SavedConversation.Open(Model());
        using var other = SavedConversation.Open(path, configure);
        var state = await engine.SaveAsync();

        return (await Assert.ThrowsAsync<ConversationStateException>(() => other.RestoreAsync(state))).Message;
    }

    private static async Task RefusesAsync(SteeredLlamaEngine engine, byte[] state) =>
        await Assert.ThrowsAsync<ConversationStateException>(() => engine.RestoreAsync(state));

    /// <summary>Start, header and the header's code.</summary>
    private static int HeaderBytes(byte[] state) =>
        LengthOffset + sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(LengthOffset)) + CodeBytes;

    private static string Model(int width = 64, int seed = 1) =>
        TestModelCache.Get(new RandomModelOptions { ContextLength = 1024, Width = width, Seed = seed, Name = "states", IsEndless = true });
}
