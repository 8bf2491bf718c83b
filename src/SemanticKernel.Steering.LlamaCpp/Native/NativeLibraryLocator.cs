using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// Lists where llama.cpp may be, best first: the explicit path; <c>STEERING_LLAMA_PATH</c>; the application's
/// <c>runtimes/&lt;rid&gt;/native</c> with the sub-folders of LLamaSharp's backend packages; the system's own search.
/// An explicit path or variable is the only candidate: asking for one library and getting another would be a surprise.
/// </summary>
internal static class NativeLibraryLocator
{
    internal const string EnvironmentVariable = "STEERING_LLAMA_PATH";

    private const string Cuda = "cuda";

    // LLamaSharp's backend packages keep one build per instruction set, and GPU builds, in sub-folders.
    private static readonly (string Folder, bool Usable)[] CpuFolders =
    [
        ("avx512", Avx512F.IsSupported),
        ("avx2", Avx2.IsSupported),
        ("avx", Avx.IsSupported),
        ("", true),
        ("noavx", true),
    ];

    internal static IReadOnlyList<NativeLibraryCandidate> List(string? explicitPath, string? environmentPath, string baseDirectory, List<NativeLibraryRefusal> refusals)
    {
        if (!string.IsNullOrWhiteSpace(explicitPath))
        {
            return FromPath("the NativeLibraryPath option", explicitPath, refusals);
        }

        if (!string.IsNullOrWhiteSpace(environmentPath))
        {
            return FromPath(EnvironmentVariable, environmentPath, refusals);
        }

        var candidates = new List<NativeLibraryCandidate>();
        foreach (var native in ApplicationFolders(baseDirectory))
        {
            AddBuilds(native, candidates, refusals);
        }

        candidates.Add(new NativeLibraryCandidate("the system's library search", null));
        return candidates;
    }

    /// <summary>Whether an explicit path is, or is a folder that holds, a certain library.</summary>
    internal static bool Leads(string explicitPath, string llamaPath) =>
        FromPath(string.Empty, explicitPath, []).Exists(candidate => candidate.LlamaPath is { } path && FilePaths.AreSame(path, llamaPath));

    /// <summary>
    /// The GPU backend of a build that was there to choose from: beside a libllama, or in a GPU folder of the same backend
    /// packages. Null when there is none.
    /// </summary>
    internal static string? FindGpuBuild(string llamaPath)
    {
        var folder = Path.GetDirectoryName(llamaPath)!;
        var around = new[] { folder, Path.GetDirectoryName(folder) }.OfType<string>();
        return around.SelectMany(native => GpuFolders(native).Select(gpu => Path.Combine(native, gpu))).Prepend(folder)
            .Where(place => WhyUnreadable(place) is null).Select(NativeLibraryNames.FindGpuBackend).FirstOrDefault(backend => backend is not null);
    }

    /// <summary>Names of the GPU builds' folders, best first. Those for CUDA carry its major version.</summary>
    private static IEnumerable<string> GpuFolders(string native) =>
        (Directory.Exists(native) && WhyUnreadable(native) is null ? Directory.EnumerateDirectories(native, Cuda + "*") : [])
        .Select(folder => Path.GetFileName(folder))
        .Where(name => int.TryParse(name.AsSpan(Cuda.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .OrderByDescending(name => int.Parse(name.AsSpan(Cuda.Length), NumberStyles.None, CultureInfo.InvariantCulture))
        .Concat([Cuda, "vulkan"]);

    private static List<NativeLibraryCandidate> FromPath(string source, string path, List<NativeLibraryRefusal> refusals)
    {
        if (File.Exists(path))
        {
            return [new NativeLibraryCandidate(source, Path.GetFullPath(path))];
        }

        var candidates = new List<NativeLibraryCandidate>();
        AddBuilds(Path.GetFullPath(path), candidates, refusals, source);
        if (candidates.Count == 0 && refusals.Count == 0)
        {
            refusals.Add(new NativeLibraryRefusal($"{path} ({source}): no such file or folder", IsAbsence: true));
        }

        return candidates;
    }

    private static IEnumerable<string> ApplicationFolders(string baseDirectory)
    {
        var operatingSystem = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
#pragma warning disable CA1308 // Runtime identifiers are lower case.
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
#pragma warning restore CA1308
        var musl = operatingSystem == "linux" && RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);
        yield return Path.Combine(baseDirectory, "runtimes", $"{operatingSystem}{(musl ? "-musl" : "")}-{architecture}", "native");
        yield return baseDirectory;
    }

    private static void AddBuilds(string native, List<NativeLibraryCandidate> candidates, List<NativeLibraryRefusal> refusals, string? source = null)
    {
        var named = source is null ? "" : $" ({source})";
        var cpuFolder = CpuFolders.Where(entry => entry.Usable).Select(entry => Path.Combine(native, entry.Folder))
            .FirstOrDefault(folder => WhyUnreadable(folder) is null && NativeLibraryNames.FindGgmlCpu(folder) is not null);

        foreach (var folder in GpuFolders(native).Concat(CpuFolders.Where(entry => entry.Usable).Select(entry => entry.Folder)))
        {
            var path = folder.Length == 0 ? native : Path.Combine(native, folder);
            if (WhyUnreadable(path) is { } reason)
            {
                refusals.Add(new NativeLibraryRefusal($"{path}{named}: {reason}"));
            }
            else if (NativeLibraryNames.FindLlama(path) is { } llama)
            {
                candidates.Add(new NativeLibraryCandidate(source ?? "beside the application", llama, cpuFolder));
            }
            else if (folder.Length == 0)
            {
                refusals.Add(new NativeLibraryRefusal($"{native}{named}: {(Directory.Exists(native) ? "no libllama in it" : "no such folder")}", IsAbsence: true));
            }
        }
    }

    /// <summary>Why the files of a folder cannot be listed, or null if they can be or there is no such folder.</summary>
    private static string? WhyUnreadable(string folder)
    {
        try
        {
            _ = Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message.ReplaceLineEndings(" ");
        }
    }
}
