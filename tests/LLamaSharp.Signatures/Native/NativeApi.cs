using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

[assembly: DisableRuntimeMarshalling]

namespace LLama.Native;

/// <summary>Stand-in. Loads llama.cpp as LLamaSharp does: at the first use, on its own, with handles nobody else gets.</summary>
public static unsafe partial class NativeApi
{
    private const string Llama = "llama";
    private const string Ggml = "ggml";

    private static readonly nint LlamaHandle;
    private static readonly nint GgmlHandle;

    static NativeApi()
    {
        var candidate = NativeLibraryLocator.List(
            null, Environment.GetEnvironmentVariable(NativeLibraryLocator.EnvironmentVariable), AppContext.BaseDirectory, []).First(candidate => candidate.LlamaPath is not null);
        var folder = Path.GetDirectoryName(candidate.LlamaPath)!;
        NativeLibrary.Load(NativeLibraryNames.FindGgmlBase(folder)!);
        if (NativeLibraryNames.FindGgmlCpu(folder) is { } cpu)
        {
            NativeLibrary.Load(cpu);
        }

        GgmlHandle = NativeLibrary.Load(NativeLibraryNames.FindGgml(folder)!);
        LlamaHandle = NativeLibrary.Load(candidate.LlamaPath!);
        NativeLibrary.SetDllImportResolver(typeof(NativeApi).Assembly, Resolve);

        // The direct runtime's structs are used, so the library must be one of its.
        if (AbiCheck.FindMismatch(LlamaHandle) is { } mismatch)
        {
            throw new DllNotFoundException(mismatch);
        }

        if (NativeLibraryConfig.All.LogCallback is not null)
        {
            llama_log_set(&OnLog, null);
        }

        // The libraries of the tests have their CPU code in plug-ins, unlike those of LLamaSharp's backend packages.
        ggml_backend_load_all_from_path(folder);
        llama_backend_init();
    }

    /// <summary>Loads llama.cpp if it is not loaded.</summary>
    public static void llama_empty_call()
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* text, void* userData) => NativeLibraryConfig.All.LogCallback!((LLamaLogLevel)level, Utf8.Read(text));

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name switch
    {
        Llama => LlamaHandle,
        Ggml => GgmlHandle,
        _ => 0,
    };

    [LibraryImport(Ggml, StringMarshalling = StringMarshalling.Utf8)] private static partial void ggml_backend_load_all_from_path(string path);
    [LibraryImport(Llama)] private static partial void llama_backend_init();
    [LibraryImport(Llama)] private static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);
    [LibraryImport(Llama)] internal static partial ParamsBuffer llama_model_default_params();
    [LibraryImport(Llama)] internal static partial ParamsBuffer llama_context_default_params();
    [LibraryImport(Llama, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint llama_model_load_from_file(string path, ParamsBuffer parameters);
    [LibraryImport(Llama)] internal static partial void llama_model_free(nint model);
    [LibraryImport(Llama)] internal static partial nint llama_init_from_model(SafeLlamaModelHandle model, ParamsBuffer parameters);
    [LibraryImport(Llama)] internal static partial void llama_free(nint context);
    [LibraryImport(Llama)] internal static partial int llama_decode(SafeLLamaContextHandle context, LlamaBatch batch);
}
