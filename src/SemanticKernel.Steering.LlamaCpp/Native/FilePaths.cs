namespace SemanticKernel.Steering.LlamaCpp.Native;

internal static class FilePaths
{
    /// <summary>Whether two paths lead to the same file. Symbolic links are followed, and case plays no part on Windows and macOS.</summary>
    internal static bool AreSame(string one, string other) =>
        string.Equals(Follow(one), Follow(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    // A link to a file and links among the folders on the way to it are followed one by one.
    private static string Follow(string path)
    {
        var full = Path.GetFullPath(path);
        var target = Path.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
        return Path.GetDirectoryName(target) is { } folder ? Path.Combine(Follow(folder), Path.GetFileName(target)) : target;
    }
}
