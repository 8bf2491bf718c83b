using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;
using SemanticKernel.Steering.LlamaCpp.Fitting.Capture;
using SemanticKernel.Steering.LlamaCpp.Fitting.Causal;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// Fits map sets on a local model: runs both sets of texts, records the hidden states of the chosen sites, and fits one
/// map per site. Dialogues are rendered with the model's chat template.
/// </summary>
/// <remarks>
/// Thread-safe. Every fit has contexts of its own over weights shared with the engines on the same file. Memory beside the
/// weights: about <see cref="FitOptions.MemoryBudget"/>; causal fits on a GPU take it there. Where the last layer is fitted, a context has room for at most 256 MiB of logits,
/// 64 MiB on a GPU and in calibration. Calibration takes about half a GiB more.
/// </remarks>
public sealed class LlamaSteeringFitter : ISteeringFitter, IDisposable
{
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
    /// <exception cref="IOException">The samples exceed the memory budget and there is no room for them on the disk.</exception>
    /// <exception cref="ObjectDisposedException">The fitter is closed.</exception>
    public async Task<MapSet> FitAsync(ConceptData data, FitOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default) =>
        (await FitWithReportAsync(data, options, progress, cancellationToken).ConfigureAwait(false)).Maps;

    /// <summary>Fits a map set as <see cref="FitAsync"/> does, and reports how it does on texts that were held out of the fit.</summary>
    /// <param name="data">The concept and its two sets of texts.</param>
    /// <param name="options">How to fit; <see cref="FitOptions.HeldOutShare"/> says how many texts are held out.</param>
    /// <param name="progress">Hears how far the work has come, if given.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The map set and the report.</returns>
    /// <exception cref="SteeringFitException">The data cannot be fitted with these options, or the result does nothing.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Task<FitResult> FitWithReportAsync(ConceptData data, FitOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        return Task.Run(() => HoldingModel(() => Fit(data, options, progress, cancellationToken)), cancellationToken);
    }

    /// <summary>
    /// Finds the strength of every site of a map set at which the target texts are most likely, and scales the maps so that this is strength 1:
    /// which sites to steer and how strongly, told from the texts alone, without trying answers out.
    /// </summary>
    /// <remarks>
    /// The measure is the mean log-likelihood of the answers' tokens while the model is steered. It rises as the model takes on the
    /// concept and falls again where steering does harm, so its best is neither too little nor too much. Strengths are found without gradients,
    /// with up to 11 + 3 · sites · passes readings of the texts. The idea of training the maps of all layers together is that of LinEAS (arXiv 2503.10679), which
    /// has gradients and compares hidden states instead. Maps that act on whole states by ablation have no amount to scale and are refused.
    /// </remarks>
    /// <param name="maps">The map set, fitted on this model; it stays as it is.</param>
    /// <param name="data">The texts it was fitted on, or others; those of the target are used, and need answers.</param>
    /// <param name="options">How to search; the defaults if null.</param>
    /// <param name="progress">Hears how far the work has come, if given.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The scaled map set, which recommends strength 1, and what it gains on texts that were kept out of the search.</returns>
    /// <exception cref="MapSetMismatchException">The map set was fitted on another model or chat template.</exception>
    /// <exception cref="SteeringFitException">The texts cannot be used, the maps cannot be scaled, or no strength makes the texts more likely.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Task<CalibrationResult> CalibrateAsync(
        MapSet maps, ConceptData data, CalibrationOptions? options = null, IProgress<FitProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(data);
        return Task.Run(() => HoldingModel(() => Calibrate(maps, data, options ?? new CalibrationOptions(), progress, cancellationToken)), cancellationToken);
    }

    /// <summary>Gives back the share in the weights.</summary>
    public void Dispose() => _lease.Dispose();

    private T HoldingModel<T>(Func<T> work)
    {
        using var weights = new HandleHold(Model.Handle);
        return work();
    }

    private CalibrationResult Calibrate(MapSet maps, ConceptData data, CalibrationOptions options, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        maps.EnsureFits(Model.Identity, _options.AllowOtherQuantization);
        maps.EnsureTemplate(_template.Sha256, _options.AllowOtherChatTemplate);
        var target = new TrainingTokenizer(_template, TokenSelection.Answer, _contextSize).Tokenize("target", data.Target);
        return new CalibrationRun(Model, _options, target, progress).Run(maps, options, cancellationToken);
    }

    private FitResult Fit(ConceptData data, FitOptions options, IProgress<FitProgress>? progress, CancellationToken cancellationToken)
    {
        var tokenizer = new TrainingTokenizer(_template, options.Tokens, _contextSize);
        var job = new FitJob(Model, _options, options, tokenizer.Tokenize("source", data.Source), tokenizer.Tokenize("target", data.Target));
        var fitted = options.Order switch
        {
            FitOrder.Simultaneous => new SimultaneousFit(job, progress).Run(cancellationToken),
            FitOrder.Causal => new CausalFit(job, progress).Run(cancellationToken),
            _ => throw new SteeringFitException($"Unknown fit order {options.Order}."),
        };
        var maps = new MapSet(Describe(data, options), fitted.Maps);
        if (maps.DoesNothing)
        {
            throw new SteeringFitException($"The maps of '{data.Concept}' do nothing: both sets give the same hidden states.");
        }

        var trust = options.HeldOutShare == 0 ? null : TrustReport.Of(fitted.Trust, job.Source.HeldOutCount, job.Target.HeldOutCount);
        if (options.Calibration is not { } calibration)
        {
            return new FitResult(maps, trust, null);
        }

        var calibrated = Calibrate(maps, data, calibration, progress, cancellationToken);
        var advised = calibrated.Maps.Metadata with { RecommendedStrength = options.RecommendedStrength ?? 1 };
        return new FitResult(new MapSet(advised, calibrated.Maps.Operations), trust, calibrated.Report);
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
        Order = options.Order,
        CausalSides = options.Order == FitOrder.Causal ? options.CausalSides : null,
        Pooling = options.Pooling,
        Tokens = options.Tokens,
        Shrinkage = options.Shrinkage,
        HeldOutShare = options.HeldOutShare,
        SourceCount = data.Source.Count,
        TargetCount = data.Target.Count,
        DataSha256 = data.DataHash,
        Created = DateTimeOffset.UtcNow,
        Tool = $"SemanticKernel.Steering {typeof(LlamaSteeringFitter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
    };
}
