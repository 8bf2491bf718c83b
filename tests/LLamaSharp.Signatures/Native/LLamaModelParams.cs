using SemanticKernel.Steering.LlamaCpp.Interop;

namespace LLama.Native;

/// <summary>Stand-in.</summary>
public struct LLamaModelParams
{
    /// <summary>Layers to keep in GPU memory.</summary>
    public int n_gpu_layers;

    /// <summary>llama.cpp's defaults.</summary>
    public static LLamaModelParams Default()
    {
        var buffer = NativeApi.llama_model_default_params();
        return new LLamaModelParams { n_gpu_layers = ParamsBuffer.As<LlamaModelParams>(ref buffer).GpuLayers };
    }
}
