namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>A native library in this process.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Base">The address it was loaded to.</param>
internal sealed record LoadedModule(string Path, nint Base);
