namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>What was loaded as llama.cpp. Immutable.</summary>
/// <param name="Path">Full path of the libllama in use, or its bare name when the system's loader chose it.</param>
/// <param name="Version">The version <c>llama_version</c> reports, or <c>unknown</c> for builds older than v0.4.0.</param>
/// <param name="Backends">Names of the registered ggml backends, for example <c>CPU</c> and <c>CUDA</c>.</param>
/// <param name="Devices">The devices of those backends, each as <c>name: description</c>.</param>
/// <param name="SystemInfo">The instruction sets and features llama.cpp says it uses.</param>
/// <param name="HasGpu">Whether a backend can take layers off the processor.</param>
public sealed record NativeLibraryInfo(
    string Path,
    string Version,
    IReadOnlyList<string> Backends,
    IReadOnlyList<string> Devices,
    string SystemInfo,
    bool HasGpu)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Version} from {Path}; backends: {string.Join(", ", Backends)}; devices: {string.Join("; ", Devices)}";
}
