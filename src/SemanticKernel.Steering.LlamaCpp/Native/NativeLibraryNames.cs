using System.Text.RegularExpressions;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>Recognises the library files of llama.cpp by name: <c>libllama.so</c>, <c>libllama.v0.4.0.so</c>, <c>llama.dll</c>, <c>libllama.metal.v0.4.0.dylib</c>.</summary>
internal static partial class NativeLibraryNames
{
    internal static string? FindLlama(string folder) => Find(folder, LlamaFile());

    internal static string? FindGgml(string folder) => Find(folder, GgmlFile());

    internal static string? FindGgmlBase(string folder) => Find(folder, GgmlBaseFile());

    /// <summary>The CPU backend of a build that links it directly; builds with plug-ins have <c>ggml-cpu-*</c> instead.</summary>
    internal static string? FindGgmlCpu(string folder) => Find(folder, GgmlCpuFile());

    /// <summary>A GPU backend that is shipped apart from others. Metal is not: it comes with every build for macOS.</summary>
    internal static string? FindGpuBackend(string folder) => Find(folder, GpuBackendFile());

    internal static bool IsLlama(string fileName) => LlamaFile().IsMatch(fileName);

    internal static bool IsGgml(string fileName) => GgmlFile().IsMatch(fileName);

    internal static bool IsGgmlBase(string fileName) => GgmlBaseFile().IsMatch(fileName);

    private static string? Find(string folder, Regex pattern) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Where(file => pattern.IsMatch(Path.GetFileName(file))).Order(StringComparer.Ordinal).FirstOrDefault()
        : null;

    [GeneratedRegex(@"^(lib)?llama(\.[\w.]+)?\.(so(\.[\d.]+)?|dylib|dll)$")]
    private static partial Regex LlamaFile();

    [GeneratedRegex(@"^(lib)?ggml(\.[\w.]+)?\.(so(\.[\d.]+)?|dylib|dll)$")]
    private static partial Regex GgmlFile();

    [GeneratedRegex(@"^(lib)?ggml-base(\.[\w.]+)?\.(so(\.[\d.]+)?|dylib|dll)$")]
    private static partial Regex GgmlBaseFile();

    [GeneratedRegex(@"^(lib)?ggml-cpu(\.[\w.]+)?\.(so(\.[\d.]+)?|dylib|dll)$")]
    private static partial Regex GgmlCpuFile();

    [GeneratedRegex(@"^(lib)?ggml-(cuda|hip|sycl|vulkan)(\.[\w.]+)?\.(so(\.[\d.]+)?|dylib|dll)$")]
    private static partial Regex GpuBackendFile();
}
