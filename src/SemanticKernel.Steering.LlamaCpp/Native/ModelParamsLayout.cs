using System.Runtime.CompilerServices;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// Where <c>struct llama_model_params</c> keeps what follows its first fields. v0.4.0 put <c>lazy_mode</c> in, which moved
/// the rest by eight bytes; the two are told apart by their defaults.
/// </summary>
internal sealed unsafe class ModelParamsLayout
{
    private static readonly ModelParamsLayout[] Known =
    [
        new() { LoadMode = -1, Next = 1, Progress = 48, Flags = 72 }, // v0.4.x, v0.5.x: load_mode auto, lazy_mode on
        new() { LoadMode = 1, Next = 0, Progress = 40, Flags = 64 },  // b10361: load_mode mmap, main_gpu 0
    ];

    private ModelParamsLayout()
    {
    }

    private int LoadMode { get; init; }

    private int Next { get; init; }

    private int Progress { get; init; }

    private int Flags { get; init; }

    /// <summary>The layout of a library's defaults, or null for an unknown one.</summary>
    internal static ModelParamsLayout? Of(ref ParamsBuffer defaults)
    {
        foreach (var layout in Known)
        {
            if (layout.Fits(ref defaults))
            {
                return layout;
            }
        }

        return null;
    }

    internal void SetProgress(ref ParamsBuffer parameters, delegate* unmanaged[Cdecl]<float, void*, byte> callback, void* userData)
    {
        At<nint>(ref parameters, Progress) = (nint)callback;
        At<nint>(ref parameters, Progress + sizeof(nint)) = (nint)userData;
    }

    private bool Fits(ref ParamsBuffer defaults)
    {
        // vocab_only, check_tensors, use_extra_bufts, no_host, no_alloc
        var start = ParamsBuffer.As<LlamaModelParams>(ref defaults);
        return start.GpuLayers == -1 && start.SplitMode == 1 && start.LoadMode == LoadMode && start.LazyModeOrMainGpu == Next &&
            At<nint>(ref defaults, Progress) == 0 &&
            At<byte>(ref defaults, Flags) == 0 && At<byte>(ref defaults, Flags + 1) == 0 && At<byte>(ref defaults, Flags + 2) == 1 &&
            At<byte>(ref defaults, Flags + 4) == 0;
    }

    private static ref T At<T>(ref ParamsBuffer buffer, int offset) where T : unmanaged =>
        ref Unsafe.As<byte, T>(ref Unsafe.Add(ref Unsafe.As<ParamsBuffer, byte>(ref buffer), offset));
}
