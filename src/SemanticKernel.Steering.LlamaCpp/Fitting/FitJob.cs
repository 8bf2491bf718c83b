using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>One concept to be fitted on one model. Immutable.</summary>
/// <param name="Model">The model.</param>
/// <param name="Settings">How its contexts are opened.</param>
/// <param name="Options">How to fit.</param>
/// <param name="Sites">Where, in graph order.</param>
/// <param name="Source">The texts to carry over.</param>
/// <param name="Target">The texts to carry onto.</param>
internal sealed record FitJob(
    LlamaModel Model, SteeredLlamaOptions Settings, FitOptions Options, IReadOnlyList<Site> Sites, TokenizedText[] Source, TokenizedText[] Target)
{
    private const long LogitsBudget = 64L << 20;
    private const int MaxBatchSize = 512;

    internal int TextCount => Source.Length + Target.Length;

    internal int LongestText => Texts.Max(text => text.Tokens.Length);

    /// <summary>All texts, those of the source first.</summary>
    internal IEnumerable<TokenizedText> Texts => Source.Concat(Target);

    internal bool UsesGpu => Settings.GpuLayers != 0;

    /// <summary>In the last layer llama.cpp keeps only rows that are flagged as outputs.</summary>
    internal bool NeedsOutputs { get; } = Sites.Any(site => Model.Hooks.Hooks[Model.Hooks.IndexOf(site)].OutputRowsOnly);

    /// <summary>Tokens per decode, so that the logits of all of them stay within their budget.</summary>
    internal int BatchSize => NeedsOutputs ? (int)Math.Clamp(LogitsBudget / (sizeof(float) * (long)Model.VocabularySize), 1, MaxBatchSize) : MaxBatchSize;

    internal bool NeedsSketch => Options.Support.Kind == SupportKind.TokenQuantiles;

    internal LlamaContext Open(HookedCallback callback, LlamaThreadPoolHandle pool, int contextSize, int batchSize, int sequences, int threads) =>
        LlamaContext.Open(Model, callback, pool, new ContextSettings
        {
            ContextSize = contextSize,
            BatchSize = batchSize,
            MaxSequences = sequences,
            MaxOutputs = NeedsOutputs ? batchSize : 1,
            Threads = threads,
            UsesGpu = UsesGpu,
            KvCacheType = Settings.KvCacheType,
            FlashAttention = Settings.FlashAttention,
        });
}
