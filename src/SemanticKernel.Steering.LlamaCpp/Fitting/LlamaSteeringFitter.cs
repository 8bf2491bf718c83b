using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// Fits map sets on a local model: runs both sets of texts, records the hidden states of the chosen sites, and fits one
/// map per site. Dialogues are rendered with the model's chat template.
/// </summary>
/// <remarks>
/// Thread-safe. Every fit has a context of its own over weights shared with the engines on the same file. Memory: texts ×
/// sites × width floats per set, token sketches where the support asks for them, and at most 64 MiB of logits.
/// </remarks>
public sealed class LlamaSteeringFitter : ISteeringFitter, IDisposable
{
    private const long LogitsBudget = 64L << 20;
    private const int MaxBatchSize = 512;
    private const int MaxSequences = 32;

    private readonly ModelLease _lease;
    private readonly ModelTemplate _template;
    private readonly SteeredLlamaOptions _options;
    private readonly int _contextSize;

    private LlamaSteeringFitter(SteeredLlamaOptions options, ModelLease lease)
    {
        _options = options;
        _lease = lease;
        _contextSize = SteeredLlamaEngine.ChooseContextSize(options, lease.Model);
        _template = new ModelTemplate(lease.Model, options.ChatTemplate);
    }

    /// <summary>The model maps are fitted on.</summary>
    public LlamaModel Model => _lease.Model;

    /// <summary>Opens a model for fitting.</summary>
    /// <param name="options">How to open it, as for <see cref="SteeredLlamaEngine.Load"/>. Concepts in it play no part.</param>
    /// <param name="loggerFactory">Where to log; nowhere if null.</param>
    /// <param name="progress">Hears how much of the weights is loaded, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <returns>The fitter. Dispose it.</returns>
    /// <exception cref="SteeringException">As for <see cref="SteeredLlamaEngine.Load"/>.</exception>
    public static LlamaSteeringFitter Open(
        SteeredLlamaOptions options,
        ILoggerFactory? loggerFactory = null,
        IProgress<float>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        SteeredLlamaOptionsRules.Check(options);
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<LlamaSteeringFitter>();
        var lease = ModelCache.Acquire(ModelSettings.From(options), logger, progress, cancellationToken);
        try
        {
            return new LlamaSteeringFitter(options, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ChatTemplateException">There are dialogues, but no usable chat template.</exception>
    /// <exception cref="LlamaModelException">llama.cpp cannot run the model.</exception>
    /// <exception cref="ObjectDisposedException">The fitter is closed.</exception>
    public Task<MapSet> FitAsync(ConceptData data, FitOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => FitHoldingModel(data, options, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Gives back the share in the weights.</summary>
    public void Dispose() => _lease.Dispose();

    private MapSet FitHoldingModel(ConceptData data, FitOptions options, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var isHeld = false;
        try
        {
            Model.Handle.DangerousAddRef(ref isHeld);
            return Fit(data, options, progress, cancellationToken);
        }
        finally
        {
            if (isHeld)
            {
                Model.Handle.DangerousRelease();
            }
        }
    }

    private MapSet Fit(ConceptData data, FitOptions options, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var sites = options.Sites.Resolve(Model.HookPoints.Select(hook => hook.Site));
        var tokenizer = new TrainingTokenizer(_template, options.Tokens, _contextSize);
        var source = tokenizer.Tokenize("source", data.Source);
        var target = tokenizer.Tokenize("target", data.Target);

        var batchSize = (int)Math.Clamp(LogitsBudget / (sizeof(float) * (long)Model.VocabularySize), 1, MaxBatchSize);
        var longest = source.Concat(target).Max(text => text.Tokens.Length);
        var threads = _options.Threads ?? ProcessorTopology.ThreadsFor(Model.ParameterCount);
        using var pool = LlamaThreadPoolHandle.Create(threads);
        var callback = new CaptureCallback(
            Model.Hooks, Model.Library.Tensors, sites, options.Pooling, options.Support.Kind == SupportKind.TokenQuantiles, batchSize, _options.ForceDeviceMemoryPath);
        using var batch = new TokenBatch(batchSize);
        using var context = LlamaContext.Open(Model, callback, pool, new ContextSettings
        {
            // Room for a long text that is under way and for a batch of others behind it.
            ContextSize = longest + batchSize,
            BatchSize = batchSize,
            MaxSequences = MaxSequences,
            MaxOutputs = batchSize,
            Threads = threads,
            UsesGpu = _options.GpuLayers != 0,
            KvCacheType = _options.KvCacheType,
            FlashAttention = _options.FlashAttention,
        });

        var recorder = new ActivationRecorder(context, callback, batch, MaxSequences);
        var sourceSamples = Record(recorder, callback, "Reading source texts", source, sites, progress, cancellationToken);
        var targetSamples = Record(recorder, callback, "Reading target texts", target, sites, progress, cancellationToken);
        var maps = new Dictionary<Site, SiteMap>();
        foreach (var site in sites)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new FitProgress("Fitting maps", maps.Count, sites.Count));
            maps.Add(site, SiteMap.Fit(sourceSamples[site], targetSamples[site], options));
        }

        progress?.Report(new FitProgress("Fitting maps", maps.Count, sites.Count));
        var result = new MapSet(Describe(data, options), maps);
        return result.DoesNothing
            ? throw new SteeringFitException($"The maps of '{data.Concept}' do nothing: both sets give the same hidden states.")
            : result;
    }

    private static Dictionary<Site, ActivationSamples> Record(
        ActivationRecorder recorder, CaptureCallback callback, string stage, TokenizedText[] texts,
        IReadOnlyList<Site> sites, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        recorder.Record(texts, done => progress?.Report(new FitProgress(stage, done, texts.Length)), cancellationToken);
        return sites.ToDictionary(site => site, site => callback[site].ToSamples());
    }

    private MapSetMetadata Describe(ConceptData data, FitOptions options) => new()
    {
        Concept = data.Concept,
        Model = Model.Identity,
        Scope = options.Scope,
        RecommendedStrength = options.RecommendedStrength,
        ChatTemplateSha256 = data.Source.Concat(data.Target).Any(example => example.Text is null) ? _template.Sha256 : null,
        Estimator = options.Estimator,
        Mode = options.Mode,
        Pooling = options.Pooling,
        Tokens = options.Tokens,
        SourceCount = data.Source.Count,
        TargetCount = data.Target.Count,
        DataSha256 = data.DataHash,
        Created = DateTimeOffset.UtcNow,
        Tool = $"SemanticKernel.Steering {typeof(LlamaSteeringFitter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
    };
}
