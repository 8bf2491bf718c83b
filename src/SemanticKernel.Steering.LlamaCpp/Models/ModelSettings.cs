using SemanticKernel.Steering.LlamaCpp.Runtime;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>What decides how weights are opened. Engines with equal settings on the same file share them.</summary>
internal sealed record ModelSettings(string Path, int GpuLayers, bool AllowCpuFallback, bool MemoryMap, bool MemoryLock, string? NativeLibraryPath, ILlamaRuntime Runtime)
{
    internal static ModelSettings From(SteeredLlamaOptions options) => new(
        System.IO.Path.GetFullPath(options.ModelPath), options.GpuLayers, options.AllowCpuFallback, options.MemoryMap, options.MemoryLock, options.NativeLibraryPath,
        options.Runtime ?? DirectRuntime.Instance);
}
