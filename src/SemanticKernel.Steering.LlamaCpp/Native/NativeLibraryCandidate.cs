namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>A place where llama.cpp may be. <see cref="LlamaPath"/> is null for the system's own search.</summary>
/// <param name="Source">Where the candidate comes from, for messages.</param>
/// <param name="LlamaPath">Full path of libllama, or null to ask the system loader by name.</param>
/// <param name="CpuFolder">A sibling folder that supplies the CPU backend when the candidate's own folder has none.</param>
internal sealed record NativeLibraryCandidate(string Source, string? LlamaPath, string? CpuFolder = null)
{
    /// <summary>Whether these modules are all of the candidate's own files. Where the system would search, that cannot be told.</summary>
    internal bool Holds(IEnumerable<LoadedModule> modules)
    {
        if (LlamaPath is null)
        {
            return false;
        }

        var folder = Path.GetDirectoryName(LlamaPath)!;
        var files = new[] { LlamaPath, NativeLibraryNames.FindGgml(folder), NativeLibraryNames.FindGgmlBase(folder) }.OfType<string>().ToList();
        return modules.All(module => files.Exists(file => FilePaths.AreSame(file, module.Path)));
    }
}
