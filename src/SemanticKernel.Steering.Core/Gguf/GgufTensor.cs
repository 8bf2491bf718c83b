namespace SemanticKernel.Steering.Gguf;

/// <summary>One tensor of a GGUF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its <c>ggml_type</c>.</param>
/// <param name="Dimensions">Its extents, fastest first.</param>
/// <param name="Offset">Where its data starts, in bytes from the start of the file.</param>
/// <param name="Size">Its size in bytes, or null for a type this library does not know.</param>
internal sealed record GgufTensor(string Name, uint Type, IReadOnlyList<ulong> Dimensions, ulong Offset, ulong? Size);
