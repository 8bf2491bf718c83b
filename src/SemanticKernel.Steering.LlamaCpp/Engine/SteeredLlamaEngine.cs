using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Configuration;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// A local model with its concepts, ready to answer. <see cref="SteeredLlamaChatClient"/> and
/// <see cref="SteeredLlamaTextGenerator"/> are the ways to talk to it; both go through the same policy.
/// </summary>
/// <remarks>Thread-safe. Concurrent requests share every decode, each under its own plan; beyond <see cref="SteeredLlamaOptions.MaxConcurrentRequests"/> they wait. Dispose it to free the context; weights are shared with other engines on the same file.</remarks>
public sealed class SteeredLlamaEngine : IDisposable
{
    private const int DefaultContextSize = 4096;

    private readonly object _closing = new();
    private readonly ModelLease _lease;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly SteeringCallback _callback;
    private readonly LlamaContext _context;

    private SteeredLlamaEngine(SteeredLlamaOptions options, ModelLease lease, ILogger logger)
    {
        _lease = lease;
        Model = lease.Model;
        ModelId = string.IsNullOrWhiteSpace(options.ModelId) ? Model.Name : options.ModelId;
        Seed = options.Seed;
        KvCacheType = options.KvCacheType;
        RequestTimeout = options.RequestTimeout;
        FirstTokenTimeout = options.FirstTokenTimeout;
        ContextSize = ChooseContextSize(options, Model);
        Template = new ModelTemplate(Model, options.ChatTemplate);
        var limits = ChooseLimits(options, Model, ContextSize);
        var threads = options.Threads ?? ProcessorTopology.ThreadsFor(Model.ParameterCount);
        _callback = new SteeringCallback(Model.Hooks, Model.Library.Tensors, limits.BatchSize, options.StateAccess);
        Steering = SteeringState.Open(options, ModelId, Model, Template, logger);
        try
        {
            _pool = LlamaThreadPoolHandle.Create(threads);
            _context = LlamaContext.Open(Model, _callback, _pool, new ContextSettings
            {
                ContextSize = limits.CacheSize,
                BatchSize = limits.BatchSize,
                MaxSequences = limits.MaxConcurrentRequests,
                Threads = threads,
                UsesGpu = options.GpuLayers != 0,
                KvCacheType = options.KvCacheType,
                FlashAttention = options.FlashAttention,
            });
            Loop = new EngineLoop(Model, _context, _callback, limits, ModelId);
        }
        catch
        {
            Steering.Dispose();
            _context?.Dispose();
            _callback.Dispose();
            _pool?.Dispose();
            throw;
        }
    }

    /// <summary>The name the model goes by.</summary>
    public string ModelId { get; }

    /// <summary>The weights and what is known about them.</summary>
    public LlamaModel Model { get; }

    /// <summary>Tokens one request may hold, prompt and answer together.</summary>
    public int ContextSize { get; }

    /// <summary>The concepts that can be steered now, in the order in which they act where no policy says otherwise.</summary>
    public IReadOnlyList<ConceptInfo> Concepts =>
        [.. Steering.Resolver.MapSets.Select(maps => new ConceptInfo(maps.Concept, maps.Metadata.RecommendedStrength, maps.ContentHash))];

    /// <summary>The policies in force now, by name; empty where none are configured.</summary>
    public IReadOnlyDictionary<string, SteeringPolicy> Policies => Steering.Resolver.Policies;

    /// <summary>The policy of requests that name none, now; null where none are configured.</summary>
    public string? DefaultPolicy => Steering.Resolver.DefaultPolicy;

    /// <summary>Says what a request would undergo if it came now, as an answer's own request is judged; nothing is logged or counted.</summary>
    /// <param name="request">What to ask for.</param>
    /// <returns>What would be in force.</returns>
    /// <exception cref="SteeringPolicyException">The request would be refused.</exception>
    public SteeringReport Preview(SteeringRequest request)
    {
        var plan = Steering.Resolver.Resolve(request);
        return new SteeringReport(plan.Policy, plan.Fingerprint, plan.Strengths);
    }

    internal ModelTemplate Template { get; }

    internal SteeringState Steering { get; }

    internal EngineLoop Loop { get; }

    /// <summary>Where everything is computed, on the loop's thread.</summary>
    internal LlamaContext Context => _context;

    /// <summary>The processor threads, which other contexts may share so that two sets do not compete.</summary>
    internal LlamaThreadPoolHandle ThreadPool => _pool;

    internal uint? Seed { get; }

    internal KvCacheType KvCacheType { get; }

    internal TimeSpan? RequestTimeout { get; }

    internal TimeSpan? FirstTokenTimeout { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="options">How to open and run it.</param>
    /// <param name="loggerFactory">Where to log; nowhere if null.</param>
    /// <param name="progress">Hears how much of the weights is loaded, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <returns>The engine. Dispose it.</returns>
    /// <exception cref="ArgumentException">An option has an impossible value.</exception>
    /// <exception cref="FileNotFoundException">There is no such model file or map set file.</exception>
    /// <exception cref="GgufFormatException">The model file is no GGUF file, or is damaged or cut short.</exception>
    /// <exception cref="NativeLibraryException">No usable llama.cpp was found.</exception>
    /// <exception cref="LlamaModelException">llama.cpp refuses the model or an option.</exception>
    /// <exception cref="MapSetFormatException">A map set is damaged.</exception>
    /// <exception cref="MapSetMismatchException">A map set was fitted on another model.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled.</exception>
    public static SteeredLlamaEngine Load(
        SteeredLlamaOptions options,
        ILoggerFactory? loggerFactory = null,
        IProgress<float>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        SteeredLlamaOptionsRules.Check(options);
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<SteeredLlamaEngine>();
        var lease = ModelCache.Acquire(ModelSettings.From(options), logger, progress, cancellationToken);
        SteeredLlamaEngine? engine = null;
        try
        {
            engine = new SteeredLlamaEngine(options, lease, logger);
            EngineLog.Opened(logger, engine.ModelId, engine.Model.Architecture, engine.Model.ParameterCount, engine.ContextSize, engine.Concepts.Count);
            if (engine.ContextSize > engine.Model.TrainedContextSize)
            {
                ModelLog.ContextBeyondTraining(logger, engine.ModelId, engine.ContextSize, engine.Model.TrainedContextSize);
            }

            return engine;
        }
        catch
        {
            // A log may throw, and nobody else knows of the engine yet.
            engine?.Dispose();
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Opens a model on a thread of the pool; see <see cref="Load"/>.</summary>
    /// <param name="options">How to open and run it.</param>
    /// <param name="loggerFactory">Where to log; nowhere if null.</param>
    /// <param name="progress">Hears how much of the weights is loaded, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <returns>The engine. Dispose it.</returns>
    public static Task<SteeredLlamaEngine> LoadAsync(
        SteeredLlamaOptions options,
        ILoggerFactory? loggerFactory = null,
        IProgress<float>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(options, loggerFactory, progress, cancellationToken), cancellationToken);

    /// <summary>
    /// Stops all answers, frees the context and gives back the share in the weights. Further calls do nothing; each returns
    /// only when the engine is closed, whichever thread closes it.
    /// </summary>
    public void Dispose()
    {
        Loop.Dispose();
        lock (_closing)
        {
            Steering.Dispose();
            _context.Dispose();
            _callback.Dispose();
            _pool.Dispose();
            _lease.Dispose();
        }
    }

    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    internal void EnsureOpen() => ObjectDisposedException.ThrowIf(Loop.IsClosed, this);

    /// <summary>Resolves what a call asks for into what its rows will undergo.</summary>
    internal CompiledPlan Compile(SteeringRequest request, bool isRecorded = false, bool isMeasured = false) =>
        new(Steering.Resolve(request, isRecorded), Model.Hooks, isMeasured);

    /// <summary>Takes no more requests, from the call on, and waits until those that wait and run are answered; then closes the engine.</summary>
    /// <param name="cancellationToken">Ends the waiting: what is not answered by then fails as after <see cref="Dispose"/>.</param>
    /// <returns>A task that ends when the engine is closed.</returns>
    public async Task ShutdownAsync(CancellationToken cancellationToken = default)
    {
        Loop.Close();
        try
        {
            await Task.Run(Loop.Join, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told not to wait any longer.
        }

        // What follows a cancellation runs on the thread that cancels, and closing waits for the engine's thread.
        await Task.Run(Dispose, CancellationToken.None).ConfigureAwait(false);
    }

    private static EngineLimits ChooseLimits(SteeredLlamaOptions options, LlamaModel model, int contextSize)
    {
        var obstacle = model.KeepsRecurrentState ? "keeps a recurrent state, and llama.cpp cannot tell the rows of several of them apart"
            : model.Hooks is { TokenReader: null } or { PositionReader: null } ? "has a graph whose tokens and positions cannot be checked, so that rows of several requests cannot be told apart for certain"
            : null;
        var concurrent = options.MaxConcurrentRequests ?? (obstacle is null ? SteeredLlamaOptions.DefaultConcurrentRequests : 1);
        if (concurrent > 1 && obstacle is not null)
        {
            throw new LlamaModelException($"MaxConcurrentRequests is {concurrent}, but '{model.Name}' ({model.Architecture}) {obstacle}. Set it to 1.");
        }

        var cacheSize = options.CacheSize ?? (long)contextSize * concurrent;
        if (cacheSize > int.MaxValue)
        {
            throw new LlamaModelException(
                $"ContextSize {contextSize} times MaxConcurrentRequests {concurrent} is {cacheSize} tokens, but a cache holds {int.MaxValue} at most. Set CacheSize to what all requests may hold together, or lower MaxConcurrentRequests.");
        }

        return cacheSize >= contextSize
            ? new EngineLimits(concurrent, options.MaxQueuedRequests, contextSize, (int)cacheSize, Math.Max(concurrent, Math.Min(options.BatchSize, contextSize)))
            : throw new LlamaModelException($"CacheSize is {cacheSize}, but one request alone may hold {contextSize} tokens (ContextSize).");
    }

    internal static int ChooseContextSize(SteeredLlamaOptions options, LlamaModel model)
    {
        if (options.ContextSize is not { } wanted)
        {
            return Math.Min(model.TrainedContextSize, DefaultContextSize);
        }

        return wanted <= model.TrainedContextSize || options.AllowContextBeyondTraining
            ? wanted
            : throw new LlamaModelException(
                $"ContextSize is {wanted}, but '{model.Name}' was trained for {model.TrainedContextSize} tokens. Lower it, or set AllowContextBeyondTraining.");
    }
}
