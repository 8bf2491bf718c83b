using System.Security.Cryptography;
using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Tests.States;

/// <summary>A conversation of one turn, its continuation, and how tests save and restore it.</summary>
internal static class SavedConversation
{
    internal const string Concept = "c";
    internal const string Scope = "tenant";

    internal static byte[] Key { get; } = RandomNumberGenerator.GetBytes(32);

    internal static ChatMessage[] First { get; } =
    [
        new(ChatRole.System, "You are a polite assistant."),
        new(ChatRole.User, string.Concat(Enumerable.Repeat("Tell me a story about a cow. ", 6))),
        new(ChatRole.Assistant, "Once there was a cow who lived on a farm."),
    ];

    internal static ChatMessage[] Second { get; } = [.. First, new(ChatRole.User, "What color is a plum?")];

    internal static ChatOptions Options(double strength = 0.5, string? scope = Scope)
    {
        var options = TestEngine.Greedy(Concept, strength);
        if (scope is not null)
        {
            options.AdditionalProperties![SteeringKeys.CacheScope] = scope;
        }

        return options;
    }

    /// <summary>Attention in single precision: elsewhere logits depend on where in the cache a token lies, and near ties with them.</summary>
    internal static SteeredLlamaEngine Open(string path, Action<SteeredLlamaOptions>? configure = null, SteeringScope scope = SteeringScope.All)
    {
        var options = TestEngine.Options(path, TestMaps.Shift(path, Concept, 0.2f, scope));
        (options.KvCacheType, options.FlashAttention) = (KvCacheType.F32, FlashAttention.Disabled);
        configure?.Invoke(options);
        return TestEngine.Open(options);
    }

    internal static async Task<byte[]> SaveAsync(this SteeredLlamaEngine engine, ChatOptions? options = null)
    {
        using var stream = new MemoryStream();
        await engine.Client().SaveConversationAsync(First, stream, Key, options ?? Options(), TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    internal static Task<int> RestoreAsync(this SteeredLlamaEngine engine, byte[] state, ChatOptions? options = null, byte[]? key = null) =>
        engine.Client().RestoreConversationAsync(new MemoryStream(state), key ?? Key, options ?? Options(), TestContext.Current.CancellationToken);

    internal static async Task<string> ContinueAsync(this SteeredLlamaEngine engine, ChatOptions? options = null) =>
        (await engine.Client().GetResponseAsync(Second, options ?? Options(), TestContext.Current.CancellationToken)).Text;
}
