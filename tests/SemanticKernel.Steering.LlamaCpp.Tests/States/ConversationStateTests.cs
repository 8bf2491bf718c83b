using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Tests.Serving;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.States;

public class ConversationStateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_InAnotherEngine_ContinuesAlikeAndComputesOnlyWhatIsNew()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath);
        var state = await engine.SaveAsync();
        var continued = await engine.ContinueAsync();
        var kept = engine.Loop.LastSharedTokens;
        using var restored = SavedConversation.Open(TinyChat.ModelPath);
        using var fresh = SavedConversation.Open(TinyChat.ModelPath);

        var tokens = await restored.RestoreAsync(state);

        Assert.Equal(continued, await restored.ContinueAsync());
        Assert.Equal(tokens, restored.Loop.LastSharedTokens);
        Assert.Equal(tokens, kept);
        Assert.Equal(continued, await fresh.ContinueAsync());
        Assert.Equal(0, fresh.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task Restore_SlowStream_IsNotWaitingForAFirstToken()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => options.FirstTokenTimeout = TimeSpan.FromMilliseconds(1));
        using var slow = SavedConversation.Open(TinyChat.ModelPath);
        using var stream = new SlowStream(await slow.SaveAsync(), TimeSpan.FromMilliseconds(50));

        Assert.True(await engine.Client().RestoreConversationAsync(stream, SavedConversation.Key, SavedConversation.Options(), Token) > 0);
    }

    [Fact]
    public async Task Restore_StreamThatNeverEnds_EndsWithTheRequestTimeout()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => options.RequestTimeout = TimeSpan.FromMilliseconds(50));
        using var stream = new SlowStream([0], Timeout.InfiniteTimeSpan);

        await Assert.ThrowsAsync<TimeoutException>(() => engine.Client().RestoreConversationAsync(stream, SavedConversation.Key, SavedConversation.Options(), Token));
    }

    [Theory]
    [InlineData(ModelArchitecture.Llama, KvCacheType.F16, FlashAttention.Enabled)]
    [InlineData(ModelArchitecture.Llama, KvCacheType.F16, FlashAttention.Disabled)]
    [InlineData(ModelArchitecture.Qwen3, KvCacheType.F32, FlashAttention.Disabled)]
    [InlineData(ModelArchitecture.Gpt2, KvCacheType.F32, FlashAttention.Disabled)]
    [InlineData(ModelArchitecture.Gemma2, KvCacheType.F32, FlashAttention.Disabled)]
    [InlineData(ModelArchitecture.Gemma3, KvCacheType.F16, FlashAttention.Enabled)]
    [InlineData(ModelArchitecture.Mpt, KvCacheType.F32, FlashAttention.Disabled)]
    [InlineData(ModelArchitecture.Mamba, KvCacheType.F32, FlashAttention.Disabled)]
    public async Task Restore_EachArchitecture_ContinuesAsAFreshEngine(ModelArchitecture architecture, KvCacheType type, FlashAttention flashAttention)
    {
        var path = TestModelCache.Get(new RandomModelOptions { Architecture = architecture, ContextLength = 1024, Name = "states", IsEndless = true });
        void Configure(SteeredLlamaOptions options) => (options.KvCacheType, options.FlashAttention) = (type, flashAttention);
        using var engine = SavedConversation.Open(path, Configure);
        using var restored = SavedConversation.Open(path, Configure);
        using var fresh = SavedConversation.Open(path, Configure);
        var state = await engine.SaveAsync();

        var tokens = await restored.RestoreAsync(state);
        var continued = await restored.ContinueAsync();

        Assert.Equal(tokens, restored.Loop.LastSharedTokens);
        if (type == KvCacheType.F32)
        {
            Assert.Equal(await fresh.ContinueAsync(), continued);
        }
        else
        {
            Assert.Equal(await engine.ContinueAsync(), continued);
        }
    }

    [Theory]
    [InlineData(SteeringScope.All, 0.5, 0.5, true)]
    [InlineData(SteeringScope.All, 0.5, 0.75, false)]
    [InlineData(SteeringScope.All, 0.5, 0, false)]
    [InlineData(SteeringScope.All, 0, 0.5, false)]
    [InlineData(SteeringScope.Generated, 0.5, 0.75, true)]
    public async Task Continue_UnderAnotherPlan_UsesOnlyWhatItWouldComputeAlike(SteeringScope scope, double saved, double asked, bool isShared)
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, scope: scope);
        using var restored = SavedConversation.Open(TinyChat.ModelPath, scope: scope);
        using var fresh = SavedConversation.Open(TinyChat.ModelPath, scope: scope);
        var tokens = await restored.RestoreAsync(await engine.SaveAsync(SavedConversation.Options(saved)));

        var continued = await restored.ContinueAsync(SavedConversation.Options(asked));

        Assert.Equal(isShared ? tokens : 0, restored.Loop.LastSharedTokens);
        Assert.Equal(await fresh.ContinueAsync(SavedConversation.Options(asked)), continued);
    }

    [Fact]
    public async Task Continue_InAnotherCacheScope_SharesNothing()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath);
        await engine.RestoreAsync(await engine.SaveAsync());

        await engine.ContinueAsync(SavedConversation.Options(scope: "other"));

        Assert.Equal(0, engine.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task Save_OfAConversationInTheCache_ComputesOnlyWhatIsNotThere()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath);
        var once = await engine.SaveAsync();

        var twice = await engine.SaveAsync();

        Assert.Equal(once.Length, twice.Length);
        Assert.True(engine.Loop.LastSharedTokens > 64);
    }

    [Fact]
    public async Task Restore_IntoACacheInPieces_ContinuesAsAFreshEngine()
    {
        // Many short conversations that leave in between make holes; the long one has to be spread over them.
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => (options.CacheSize, options.MaxConcurrentRequests) = (600, 16));
        using var fresh = SavedConversation.Open(TinyChat.ModelPath);
        var random = new Random(1);
        var expected = await fresh.ContinueAsync();
        for (var round = 0; round < 6; round++)
        {
            var options = SavedConversation.Options(scope: $"round {round}");
            var state = await fresh.SaveAsync(options);
            await Schedule.RunAsync(engine, [.. Enumerable.Range(0, 8).Select(i => new Script { Prompt = ServingEngine.Prompt(random, 8 + (3 * i)), MaxTokens = 1 + (5 * (i % 4)) })]);
            var tokens = await engine.RestoreAsync(state, options);

            Assert.Equal(expected, await engine.ContinueAsync(options));
            Assert.Equal(tokens, engine.Loop.LastSharedTokens);
        }
    }

    [Fact]
    public async Task Restore_WhileAllSlotsAreTaken_WaitsForOne()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => options.MaxConcurrentRequests = 1);
        var state = await engine.SaveAsync();
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(Token));
        engine.Loop.Submit(blocker);

        var restoring = engine.RestoreAsync(state);
        Assert.False(restoring.IsCompleted);
        gate.Set();

        var tokens = await restoring;
        await engine.ContinueAsync();
        Assert.Equal(tokens, engine.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task Restore_RoomNeededLater_GivesWayLikeAnyKeptPrefix()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => options.CacheSize = 512);
        await engine.RestoreAsync(await engine.SaveAsync());

        await Schedule.RunAsync(engine, new Script { Prompt = ServingEngine.Prompt(new Random(1), 400), MaxTokens = 100 });

        await engine.ContinueAsync();
        Assert.Equal(0, engine.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task Cancel_WhileSavingOrRestoringWaits_ThrowsAndFreesTheEngine()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => options.MaxConcurrentRequests = 1);
        var state = await engine.SaveAsync();
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(Token));
        engine.Loop.Submit(blocker);
        using var cancel = new CancellationTokenSource();
        using var target = new MemoryStream();
        var saving = engine.Client().SaveConversationAsync(SavedConversation.First, target, SavedConversation.Key, SavedConversation.Options(), cancel.Token);
        var restoring = engine.Client().RestoreConversationAsync(new MemoryStream(state), SavedConversation.Key, SavedConversation.Options(), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restoring);
        Assert.Equal(0, target.Length);
        gate.Set();
        Assert.NotEmpty(await engine.ContinueAsync());
    }

    [Fact]
    public async Task SaveAndRestore_ClosedEngine_Throw()
    {
        var engine = SavedConversation.Open(TinyChat.ModelPath);
        var state = await engine.SaveAsync();
        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.SaveAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.RestoreAsync(state));
    }

    [Fact]
    public async Task Save_SteeringThatFaults_ThrowsAndWritesNothing()
    {
        using var engine = SavedConversation.Open(
            TinyChat.ModelPath, options => options.AddConcept(TestMaps.Affine(TinyChat.ModelPath, "burst", float.MaxValue, float.MaxValue)));
        using var target = new MemoryStream();

        await Assert.ThrowsAsync<SteeringException>(() => engine.Client().SaveConversationAsync(
            SavedConversation.First, target, SavedConversation.Key, TestEngine.Greedy("burst", 1), Token));

        Assert.Equal(0, target.Length);
    }

    [Fact]
    public async Task Save_ConversationThatFillsTheContext_IsRefused()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath, options => options.ContextSize = 64);

        await Assert.ThrowsAsync<ContextSizeException>(() => engine.SaveAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public async Task SaveAndRestore_ShortKey_AreRefused(int length)
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath);

        await Assert.ThrowsAsync<ArgumentException>(() => engine.RestoreAsync([], key: new byte[length]));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client().SaveConversationAsync(SavedConversation.First, Stream.Null, new byte[length], null, Token));
    }

    [Fact]
    public async Task Save_OptionThatIsNotSupported_IsRefused()
    {
        using var engine = SavedConversation.Open(TinyChat.ModelPath);

        await Assert.ThrowsAsync<NotSupportedException>(() => engine.SaveAsync(new ChatOptions { ResponseFormat = ChatResponseFormat.Json }));
    }
}
