namespace LLama.Abstractions;

/// <summary>Stand-in.</summary>
public interface IModelParams
{
    /// <summary>The file.</summary>
    string ModelPath { get; }

    /// <summary>Layers to keep in GPU memory.</summary>
    int GpuLayerCount { get; }
}
