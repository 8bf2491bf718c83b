using LLama.Abstractions;
using LLama.Native;

namespace LLama.Extensions;

/// <summary>Stand-in.</summary>
public static class IModelParamsExtensions
{
    /// <summary>Makes llama.cpp's parameters.</summary>
    /// <param name="params">What to make them of.</param>
    /// <param name="result">The parameters.</param>
    /// <returns>What keeps their arrays alive.</returns>
    public static IDisposable ToLlamaModelParams(this IModelParams @params, out LLamaModelParams result)
    {
        ArgumentNullException.ThrowIfNull(@params);
        result = LLamaModelParams.Default();
        result.n_gpu_layers = @params.GpuLayerCount;
        return new Arrays();
    }

    private sealed class Arrays : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
