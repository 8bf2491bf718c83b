namespace SemanticKernel.Steering;

/// <summary>One tensor of a safetensors header; offsets count from the end of the header.</summary>
internal sealed record TensorEntry(string Name, string Type, ulong[] Shape, ulong Begin, ulong End);
