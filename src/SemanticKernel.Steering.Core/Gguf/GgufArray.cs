namespace SemanticKernel.Steering.Gguf;

/// <summary>A metadata array: its length and the SHA-256, in lower-case hex, of its elements' bytes (strings with their lengths).</summary>
internal sealed record GgufArray(ulong Count, string Hash);
