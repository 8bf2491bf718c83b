using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>One concept to be fitted on one model. Immutable.</summary>
internal sealed class FitJob
{
    private const long LogitsBudget = 64L << 20;
    private const long LongTextLogitsBudget = 256L << 20;
    private const int MaxBatchSize = 512;
    private const int CellsTogether = 256; // llama.cpp's caches are multiples of it.

    // What a graph holds at once for a token, at most: the stream and the parts of attention, and the widest nodes between two others.
    private const int StreamRows = 4;
    private const int WidestRows = 3;

    /// <summary>Describes the work.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">How its contexts are opened.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="source">The texts to carry over.</param>
    /// <param name="target">The texts to carry onto.</param>
    /// <exception cref="SteeringFitException">The model lacks a site, or there are too few texts to hold any out.</exception>
    internal FitJob(LlamaModel model, SteeredLlamaOptions settings, FitOptions options, TokenizedText[] source, TokenizedText[] target)
    {
        var (sourceSplit, targetSplit) = HeldOutSplit.Of(source.Length, target.Length, options);
        (Model, Settings, Options) = (model, settings, options);
        (Source, Target) = (new FitSide(source, sourceSplit), new FitSide(target, targetSplit));
        Texts = [.. Source.Texts, .. Target.Texts];
        Sites = options.Sites.Resolve(model.HookPoints.Select(hook => hook.Site));
        Hooks = [.. Sites.Select(model.Hooks.IndexOf)];
        NeedsOutputs = Hooks.Any(HoldsOutputsOnly);
    }

    private FitJob(FitJob whole, Range sites)
    {
        (Model, Settings, Options) = (whole.Model, whole.Settings, whole.Options);
        (Source, Target, Texts) = (whole.Source, whole.Target, whole.Texts);
        (Sites, Hooks) = ([.. whole.Sites.Take(sites)], whole.Hooks[sites]);
        NeedsOutputs = Hooks.Any(HoldsOutputsOnly);
    }

    internal LlamaModel Model { get; }

    internal SteeredLlamaOptions Settings { get; }

    internal FitOptions Options { get; }

    internal FitSide Source { get; }

    internal FitSide Target { get; }

    /// <summary>Where, in graph order.</summary>
    internal IReadOnlyList<Site> Sites { get; }

    /// <summary>The hooks of <see cref="Sites"/>.</summary>
    internal int[] Hooks { get; }

    /// <summary>All texts, those of the source first.</summary>
    internal TokenizedText[] Texts { get; }

    internal int LongestText => Texts.Max(text => text.Tokens.Length);

    internal bool UsesGpu => Settings.GpuLayers != 0;

    /// <summary>Whether several contexts are faster than one: not if they share a GPU or a lock.</summary>
    internal bool ComputesSideBySide => !UsesGpu && !Model.Runtime.DecodesTakeTurns;

    /// <summary>Whether tokens have to be flagged as outputs: in the last layer llama.cpp keeps only rows that are.</summary>
    internal bool NeedsOutputs { get; }

    /// <summary>How many sites come before the first one that only output rows reach.</summary>
    internal int SitesBeforeOutputs => Hooks.TakeWhile(hook => !HoldsOutputsOnly(hook)).Count();

    /// <summary>Tokens per decode, so that the logits of all of them stay within their budget.</summary>
    /// <remarks>Only decodes of whole texts end before logits are computed, so that room for long texts pays on a processor. On a GPU memory is scarce.</remarks>
    internal int BatchSize => !NeedsOutputs ? MaxBatchSize
        : UsesGpu ? TokensWithin(LogitsBudget)
        : Math.Max(TokensWithin(LogitsBudget), Math.Min(LongestText, TokensWithin(LongTextLogitsBudget)));

    internal bool NeedsSketch => Options.Support.Kind == SupportKind.TokenQuantiles;

    /// <summary>What the logits of a token take, in bytes.</summary>
    internal long BytesOfLogits => sizeof(float) * (long)Model.VocabularySize;

    /// <summary>The same work at some of the sites.</summary>
    internal FitJob At(Range sites) => new(this, sites);

    /// <summary>What a context takes while it decodes, in bytes: an estimate.</summary>
    /// <remarks>
    /// llama.cpp clears the buffer that logits are read from, so that all of it is in use even where a decode ends before there are any. Their place in the
    /// graph counts on GPUs only: elsewhere memory that is not touched is never given.
    /// </remarks>
    /// <param name="batchSize">Tokens per decode.</param>
    /// <param name="contextSize">Tokens in its cache.</param>
    /// <param name="sequences">Texts in a decode.</param>
    internal long BytesOfContext(int batchSize, int contextSize, int sequences)
    {
        var cells = (contextSize + CellsTogether - 1L) / CellsTogether * CellsTogether;
        var nodes = sizeof(float) * ((StreamRows * (long)Model.Width) + (WidestRows * Model.Hooks.WidestRow));
        var scores = Settings.FlashAttention == FlashAttention.Disabled ? sizeof(float) * cells * LlamaNative.llama_model_n_head(Model.Handle.DangerousGetHandle()) : 0;
        long outputs = NeedsOutputs ? Math.Max(batchSize, sequences) : sequences;
        return (batchSize * (nodes + scores)) + (cells * Model.CacheBytesPerToken(Settings.KvCacheType)) + (outputs * BytesOfLogits * (UsesGpu ? 2 : 1));
    }

    /// <summary>How many contexts of few threads each are to share batches: one per thread, as far as there are batches and memory goes.</summary>
    /// <remarks>One alone where tokens are sketched: a sketch depends on their order.</remarks>
    internal int CountContexts(long bytesEach, long budget, int threads, int batches) =>
        NeedsSketch || !ComputesSideBySide ? 1 : (int)Math.Clamp(budget / Math.Max(1, bytesEach), 1, Math.Min(threads, batches));

    /// <summary>The number of tokens in texts.</summary>
    internal int CountTokens(Range texts) => Texts[texts].Sum(text => text.Tokens.Length);

    internal bool IsSource(int text) => text < Source.Texts.Length;

    /// <summary>Whether the tokens of a text count for the source's sketch.</summary>
    internal bool IsSketched(int text) => text < Source.FitCount;

    /// <summary>What to fit on at a site, and what to try the map on.</summary>
    /// <param name="site">The site.</param>
    /// <param name="rows">The pooled rows of all texts.</param>
    /// <param name="sketch">The tokens of the source, if they are needed.</param>
    /// <exception cref="SteeringFitException">A hidden state is not finite.</exception>
    internal (SiteSamples Fit, SiteSamples? HeldOut) SamplesOf(Site site, float[] rows, TokenSketch? sketch)
    {
        var (source, target) = (rows.AsMemory(0, Source.Texts.Length * Model.Width), rows.AsMemory(Source.Texts.Length * Model.Width));
        try
        {
            return (
                new SiteSamples(Source.Fit(source, Model.Width, sketch), Target.Fit(target, Model.Width, null)),
                Options.HeldOutShare == 0 ? null : new SiteSamples(Source.HeldOut(source, Model.Width), Target.HeldOut(target, Model.Width)));
        }
        catch (ArgumentException error)
        {
            throw new SteeringFitException($"The hidden states at {site} cannot be used: {error.Message}", error);
        }
    }

    internal LlamaContext Open(HookedCallback callback, LlamaThreadPoolHandle pool, int contextSize, int batchSize, int sequences, int threads) =>
        LlamaContext.Open(Model, callback, pool, new ContextSettings
        {
            ContextSize = contextSize,
            BatchSize = batchSize,
            MaxSequences = sequences,
            MaxOutputs = NeedsOutputs ? batchSize : null,
            Threads = threads,
            UsesGpu = UsesGpu,
            KvCacheType = Settings.KvCacheType,
            FlashAttention = Settings.FlashAttention,
        });

    private int TokensWithin(long budget) => (int)Math.Clamp(budget / BytesOfLogits, 1, MaxBatchSize);

    private bool HoldsOutputsOnly(int hook) => Model.Hooks.Hooks[hook].OutputRowsOnly;
}
