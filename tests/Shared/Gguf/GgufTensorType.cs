namespace SemanticKernel.Steering.TestModels;

/// <summary>The tensor types that <see cref="GgufWriter"/> can write, with their codes in the file.</summary>
public enum GgufTensorType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit floats, rounded from 32 bits while writing.</summary>
    F16 = 1,
}
