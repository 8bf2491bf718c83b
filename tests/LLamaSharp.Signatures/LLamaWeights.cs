using LLama.Abstractions;
using LLama.Extensions;
using LLama.Native;

namespace LLama;

/// <summary>Stand-in.</summary>
public sealed class LLamaWeights : IDisposable
{
    private LLamaWeights(SafeLlamaModelHandle weights) => NativeHandle = weights;

    /// <summary>The handle.</summary>
    public SafeLlamaModelHandle NativeHandle { get; }

    /// <summary>Opens weights.</summary>
    /// <param name="params">Which, and how.</param>
    /// <returns>The weights.</returns>
    public static LLamaWeights LoadFromFile(IModelParams @params)
    {
        ArgumentNullException.ThrowIfNull(@params);
        NativeApi.llama_empty_call();
        using var arrays = @params.ToLlamaModelParams(out var native);
        return new LLamaWeights(SafeLlamaModelHandle.LoadFromFile(@params.ModelPath, native));
    }

    /// <inheritdoc/>
    public void Dispose() => NativeHandle.Dispose();
}
