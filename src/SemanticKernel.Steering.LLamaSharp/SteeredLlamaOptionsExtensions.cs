using LLama;
using LLama.Abstractions;
using SemanticKernel.Steering.LLamaSharp;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>Runs engines through LLamaSharp.</summary>
public static class SteeredLlamaOptionsExtensions
{
    /// <summary>Runs the engine on weights that LLamaSharp has loaded.</summary>
    /// <remarks>
    /// Engines and fitters given the same weights share them. They hold them: the application may dispose its own handle
    /// whenever it likes, and disposing an engine leaves the application's handle working. What LLamaSharp decides is set
    /// there: <see cref="SteeredLlamaOptions.NativeLibraryPath"/>, <see cref="SteeredLlamaOptions.MemoryMap"/> and
    /// <see cref="SteeredLlamaOptions.MemoryLock"/> must be left alone, the cache is <see cref="KvCacheType.F16"/> and
    /// flash attention <see cref="FlashAttention.Auto"/>. <see cref="SteeredLlamaOptions.GpuLayers"/> other than 0 only
    /// demands that there is a GPU. Where LLamaSharp had a GPU build to load and runs on the processor, opening the engine fails;
    /// <see cref="SteeredLlamaOptions.AllowCpuFallback"/> says that this is meant. Decodes of all engines and of LLamaSharp's own
    /// contexts take turns, under its lock.
    /// </remarks>
    /// <param name="options">The options. Their <see cref="SteeredLlamaOptions.ModelPath"/> must be the file the weights were loaded from.</param>
    /// <param name="weights">The weights.</param>
    /// <returns>The same options.</returns>
    public static SteeredLlamaOptions UseLLamaSharp(this SteeredLlamaOptions options, LLamaWeights weights)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(weights);
        options.Runtime = new LLamaSharpRuntime(weights.NativeHandle);
        return options;
    }

    /// <summary>Has LLamaSharp load the weights of <see cref="SteeredLlamaOptions.ModelPath"/> and runs the engine on them.</summary>
    /// <remarks>As for the other overload. Engines given the same parameters and file share the weights, which are freed with the last of them.</remarks>
    /// <param name="options">The options.</param>
    /// <param name="parameters">How to load them: GPU layers, devices, memory mapping and the like. Parameters for contexts play no part, nor does their path.</param>
    /// <returns>The same options.</returns>
    public static SteeredLlamaOptions UseLLamaSharp(this SteeredLlamaOptions options, IModelParams parameters)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(parameters);
        options.Runtime = new LLamaSharpRuntime(parameters);
        return options;
    }
}
