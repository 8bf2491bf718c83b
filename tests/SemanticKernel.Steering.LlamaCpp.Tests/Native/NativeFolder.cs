using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

/// <summary>The llama.cpp of this test run, and temporary folders with links to its files.</summary>
internal sealed class NativeFolder : IDisposable
{
    internal static string Rid { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";

    internal NativeFolder() => Root = Directory.CreateTempSubdirectory("steering-native-").FullName;

    /// <summary>Where the test run's own libraries are: the folder beside the tests, or the one the environment names.</summary>
    internal static string Real { get; } = Environment.GetEnvironmentVariable("STEERING_LLAMA_PATH") is { Length: > 0 } path
        ? File.Exists(path) ? Path.GetDirectoryName(path)! : path
        : Path.Combine(AppContext.BaseDirectory, "runtimes", Rid, "native");

    internal string Root { get; }

    internal string Native => Path.Combine(Root, "runtimes", Rid, "native");

    /// <summary>Copies the real libraries into a sub-folder and returns the path of libllama there.</summary>
    internal string Add(string folder)
    {
        var target = Path.Combine(Root, folder);
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(Real).Where(file => !Path.GetFileName(file).Contains("cpu", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return SemanticKernel.Steering.LlamaCpp.Native.NativeLibraryNames.FindLlama(target)!;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
