using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>Opens weights with <c>llama_model_load_from_file</c>, with progress and cancellation.</summary>
internal static unsafe class ModelLoader
{
    // enum llama_load_mode
    private const int LoadNone = 0;
    private const int LoadMapped = 1;
    private const int LoadLocked = 2;
    private const int LoadMappedAndLocked = 3;

    /// <exception cref="LlamaModelException">llama.cpp refuses the file or has no GPU backend for the layers asked for.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled.</exception>
    internal static LlamaModelHandle Load(ModelSettings settings, LlamaLibrary library, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        if (settings.GpuLayers != 0 && !settings.AllowCpuFallback)
        {
            library.RequireGpu($"GpuLayers is {settings.GpuLayers}");
        }

        var buffer = LlamaNative.llama_model_default_params();
        ref var parameters = ref ParamsBuffer.As<LlamaModelParams>(ref buffer);
        parameters.GpuLayers = settings.GpuLayers;
        parameters.LoadMode = (settings.MemoryMap, settings.MemoryLock) switch
        {
            (true, true) => LoadMappedAndLocked,
            (true, false) => LoadMapped,
            (false, true) => LoadLocked,
            (false, false) => LoadNone,
        };
        var observer = GCHandle.Alloc(new LoadObserver(progress, cancellationToken));
        library.ModelParams!.SetProgress(ref buffer, &OnProgress, (void*)GCHandle.ToIntPtr(observer));

        NativeLog.BeginErrors();
        try
        {
            var model = LlamaNative.llama_model_load_from_file(settings.Path, buffer);
            var errors = NativeLog.EndErrors();
            if (model != 0)
            {
                return new LlamaModelHandle(model);
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new LlamaModelException($"llama.cpp could not load '{settings.Path}'. It says: {(errors.Length > 0 ? errors : "nothing")}");
        }
        finally
        {
            observer.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float progress, void* userData)
    {
        var observer = (LoadObserver)GCHandle.FromIntPtr((nint)userData).Target!;
        try
        {
            observer.Progress?.Report(progress);
        }
#pragma warning disable CA1031 // An application's progress display must not break native code or the load.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        return (byte)(observer.CancellationToken.IsCancellationRequested ? 0 : 1);
    }

    private sealed record LoadObserver(IProgress<float>? Progress, CancellationToken CancellationToken);
}
