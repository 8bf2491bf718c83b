using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Interop.Handles;

/// <summary>
/// Owns a <c>ggml_threadpool</c>. With an eval callback every hooked node is a graph of its own, and without a
/// persistent pool ggml would start and join its worker threads for each of them.
/// </summary>
internal sealed unsafe class LlamaThreadPoolHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    // Larger than any known ggml_threadpool_params, most of which is a CPU mask.
    private const int ParamsBytes = 4096;

    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    private LlamaThreadPoolHandle(nint pool, void* free)
        : base(ownsHandle: true)
    {
        SetHandle(pool);
        _free = (delegate* unmanaged[Cdecl]<nint, void>)free;
    }

    /// <exception cref="NativeLibraryException">The CPU backend has no thread pool functions or cannot make a pool.</exception>
    [SkipLocalsInit]
    internal static LlamaThreadPoolHandle Create(int threads)
    {
        var cpu = GgmlNative.ggml_backend_reg_by_name("CPU");
        var create = cpu == 0 ? null : (delegate* unmanaged[Cdecl]<void*, nint>)GgmlBaseNative.ggml_backend_reg_get_proc_address(cpu, "ggml_threadpool_new");
        var free = cpu == 0 ? null : GgmlBaseNative.ggml_backend_reg_get_proc_address(cpu, "ggml_threadpool_free");
        if (create is null || free is null)
        {
            throw new NativeLibraryException($"The loaded llama.cpp has no usable CPU backend. Supported versions: {AbiCheck.SupportedVersions}.");
        }

        var parameters = stackalloc byte[ParamsBytes];
        GgmlBaseNative.ggml_threadpool_params_init(parameters, threads);
        var pool = create(parameters);
        return pool != 0
            ? new LlamaThreadPoolHandle(pool, free)
            : throw new NativeLibraryException($"llama.cpp could not start {threads} worker threads.");
    }

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
