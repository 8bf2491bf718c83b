using System.Runtime.CompilerServices;
using LLama.Abstractions;
using LLama.Extensions;
using LLama.Native;
using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.LlamaCpp.Native;
using SemanticKernel.Steering.LlamaCpp.Runtime;

namespace SemanticKernel.Steering.LLamaSharp;

/// <summary>llama.cpp as LLamaSharp has loaded it.</summary>
internal sealed class LLamaSharpRuntime : ILlamaRuntime
{
    private const string Host = "LLamaSharp";

    // A model handle to share, or parameters to load a model with. It tells runtimes apart.
    private readonly object _source;

    internal LLamaSharpRuntime(SafeLlamaModelHandle weights) => _source = weights;

    internal LLamaSharpRuntime(IModelParams parameters) => _source = parameters;

    public bool DecodesTakeTurns => true;

    public LlamaLibrary LoadLibrary(ModelSettings settings, ILogger logger)
    {
        if (settings is not { NativeLibraryPath: null or "", MemoryMap: true, MemoryLock: false })
        {
            throw new LlamaModelException(
                "NativeLibraryPath, MemoryMap and MemoryLock cannot be used together with UseLLamaSharp. Leave them out: LLamaSharp chooses the library (NativeLibraryConfig) and loads the weights (its model parameters).");
        }

        return LLamaSharpBuild.Call(() => LoadLibrary(logger));
    }

    public LlamaModelHandle OpenModel(ModelSettings settings, LlamaLibrary library, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LlamaModelHandle handle = LLamaSharpBuild.Call(() =>
            _source is IModelParams parameters ? Load(parameters, settings, library) : Share((SafeLlamaModelHandle)_source, settings, library));
        try
        {
            WeightsCheck.Check(handle, settings.Path);
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(1);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public LlamaContextHandle OpenContext(LlamaModel model, ContextSettings settings, nint callback)
    {
        if (settings is not { KvCacheType: KvCacheType.F16, FlashAttention: FlashAttention.Auto })
        {
            throw new LlamaModelException(
                $"KvCacheType is {settings.KvCacheType} and FlashAttention {settings.FlashAttention}, but through LLamaSharp they can only be {KvCacheType.F16} and {FlashAttention.Auto}.");
        }

        return LLamaSharpBuild.Call(() => Open(model, settings, callback));
    }

    public override bool Equals(object? obj) => obj is LLamaSharpRuntime other && ReferenceEquals(other._source, _source);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(_source);

    private static LlamaLibrary LoadLibrary(ILogger logger)
    {
        try
        {
            // LLamaSharp finds its library at this call only; others fail before it.
            NativeApi.llama_empty_call();
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException)
        {
            throw new NativeLibraryException(
                $"LLamaSharp could not load llama.cpp. {LLamaSharpBuild.Advise(typeof(NativeApi).Assembly)} It says: {exception.GetBaseException().Message}", exception);
        }

        return LlamaLibrary.Adopt(Host, logger);
    }

    private static unsafe LLamaSharpContextHandle Open(LlamaModel model, ContextSettings settings, nint callback)
    {
        var parameters = LLamaContextParams.Default();
        parameters.n_ctx = (uint)settings.ContextSize;
        parameters.n_batch = parameters.n_ubatch = (uint)settings.BatchSize;
        parameters.n_seq_max = (uint)settings.MaxSequences;
        parameters.n_threads = parameters.n_threads_batch = settings.Threads;
        parameters.kv_unified = true;
        parameters.cb_eval = (nint)GraphCallback.EvalFunction;
        parameters.cb_eval_user_data = callback;
        parameters.abort_callback = (nint)GraphCallback.AbortFunction;
        parameters.abort_callback_user_data = callback;

        var context = Try($"open a context of {settings.ContextSize} tokens for '{model.Path}'", () => SafeLLamaContextHandle.Create(((LLamaSharpModelHandle)model.Handle).Weights, parameters));

        // LLamaSharp looks for null, which a SafeHandle never is.
        if (context.IsInvalid)
        {
            ReleaseWeights(context);
            context.Dispose();
            throw new LlamaModelException($"LLamaSharp could not open a context of {settings.ContextSize} tokens for '{model.Path}'. Its log says why (NativeLibraryConfig.All.WithLogCallback).");
        }

        return new LLamaSharpContextHandle(context, settings.BatchSize);
    }

    private static LLamaSharpModelHandle Load(IModelParams parameters, ModelSettings settings, LlamaLibrary library)
    {
        var task = $"load '{settings.Path}'";
        LLamaModelParams native = default;
        using var arrays = Try(task, () => parameters.ToLlamaModelParams(out native));
        RequireGpu(settings, library, wantsLayers: native.n_gpu_layers != 0);
        return new LLamaSharpModelHandle(Try(task, () => SafeLlamaModelHandle.LoadFromFile(settings.Path, native)), isOwner: true);
    }

    private static LLamaSharpModelHandle Share(SafeLlamaModelHandle weights, ModelSettings settings, LlamaLibrary library)
    {
        RequireGpu(settings, library, wantsLayers: true);
        return Try($"share the weights of '{settings.Path}'", () => new LLamaSharpModelHandle(weights, isOwner: false));
    }

    /// <summary>
    /// Notices that LLamaSharp has fallen back to the processor. Its parameters ask for GPU layers unless told otherwise,
    /// whether or not there is a GPU build, so what counts is whether there was one to load.
    /// </summary>
    private static void RequireGpu(ModelSettings settings, LlamaLibrary library, bool wantsLayers)
    {
        if (settings.AllowCpuFallback)
        {
            return;
        }

        if (settings.GpuLayers != 0)
        {
            library.RequireGpu($"GpuLayers is {settings.GpuLayers}");
        }
        else if (wantsLayers && !library.Info.HasGpu && NativeLibraryLocator.FindGpuBuild(library.Info.Path) is { } build)
        {
            throw new LlamaModelException(
                $"LLamaSharp had {build} to load, but has loaded {library.Info.Path}, which has no GPU backend; its backends are {string.Join(", ", library.Info.Backends)}. " +
                "Its log says why (NativeLibraryConfig.All.WithLogCallback). If that is what you chose (WithCuda(false), WithLibrary, GpuLayerCount = 0), set AllowCpuFallback.");
        }
    }

    /// <summary>LLamaSharp holds the weights for every context, and gives them back only with one that could be opened.</summary>
    private static void ReleaseWeights(SafeLLamaContextHandle context)
    {
        try
        {
            context.ModelHandle.DangerousRelease();
        }
        catch (ObjectDisposedException)
        {
            // This context holds no weights.
        }
    }

    private static T Try<T>(string task, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (!LLamaSharpBuild.LacksMember(exception))
        {
            throw new LlamaModelException($"LLamaSharp could not {task}. It says: {exception.Message}", exception);
        }
    }
}
