using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary>The start of <c>struct llama_model_params</c>, the same in all supported versions. What follows differs: <see cref="Native.ModelParamsLayout"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct LlamaModelParams
{
    [FieldOffset(16)] internal int GpuLayers;
    [FieldOffset(20)] internal int SplitMode;
    [FieldOffset(24)] internal int LoadMode;
    [FieldOffset(28)] internal int LazyModeOrMainGpu;
}
