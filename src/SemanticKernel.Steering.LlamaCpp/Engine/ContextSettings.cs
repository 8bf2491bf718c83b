namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>How a context is opened.</summary>
internal sealed record ContextSettings
{
    /// <summary>Tokens in the KV cache, all sequences together.</summary>
    internal required int ContextSize { get; init; }

    /// <summary>Tokens per decode. One decode is always one graph, so that row i is token i.</summary>
    internal required int BatchSize { get; init; }

    /// <summary>Sequences that may be in the cache at once.</summary>
    internal int MaxSequences { get; init; } = 1;

    /// <summary>Rows per decode that may be flagged as outputs.</summary>
    internal int? MaxOutputs { get; init; }

    internal int Threads { get; init; } = 1;

    internal bool UsesGpu { get; init; }

    internal KvCacheType KvCacheType { get; init; } = KvCacheType.F16;

    internal FlashAttention FlashAttention { get; init; } = FlashAttention.Auto;
}
