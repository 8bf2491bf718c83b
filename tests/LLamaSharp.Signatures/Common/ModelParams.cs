using LLama.Abstractions;

namespace LLama.Common;

/// <summary>Stand-in.</summary>
public record ModelParams : IModelParams
{
    /// <summary>Takes LLamaSharp's defaults.</summary>
    /// <param name="modelPath">The file.</param>
    public ModelParams(string modelPath) => ModelPath = modelPath;

    /// <inheritdoc/>
    public string ModelPath { get; set; }

    /// <inheritdoc/>
    /// <value>The default is 20, as in LLamaSharp.</value>
    public int GpuLayerCount { get; set; } = 20;
}
