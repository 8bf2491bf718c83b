using SemanticKernel.Steering.LlamaCpp.Interop;

namespace LLama.Native;

/// <summary>Stand-in.</summary>
public sealed class SafeLlamaModelHandle : SafeLLamaHandleBase
{
    private SafeLlamaModelHandle(nint model)
        : base(model)
    {
    }

    /// <summary>Opens weights.</summary>
    /// <param name="modelPath">The file.</param>
    /// <param name="lparams">How.</param>
    /// <returns>The weights.</returns>
    /// <exception cref="InvalidOperationException">llama.cpp refuses the file. LLamaSharp has an exception of its own.</exception>
    public static SafeLlamaModelHandle LoadFromFile(string modelPath, LLamaModelParams lparams)
    {
        var buffer = NativeApi.llama_model_default_params();
        ParamsBuffer.As<LlamaModelParams>(ref buffer).GpuLayers = lparams.n_gpu_layers;
        var model = new SafeLlamaModelHandle(NativeApi.llama_model_load_from_file(modelPath, buffer));
        return model.IsInvalid ? throw new InvalidOperationException($"Failed to load model '{modelPath}'.") : model;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeApi.llama_model_free(handle);
        return true;
    }
}
