using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>
/// A folder laid out as LLamaSharp's backend packages lay out theirs: a build per instruction set, plain file names. A process
/// of its own, because llama.cpp is loaded once per process.
/// </summary>
public sealed class BackendPackageTests(FittedCache cache) : IDisposable
{
    // The CPU code of the test libraries comes as one plug-in per processor generation; a backend package has one per folder.
    private static readonly (string Folder, string CpuCode, bool IsUsable)[] Builds =
    [
        ("avx512", "skylakex", Avx512F.IsSupported),
        ("avx2", "haswell", Avx2.IsSupported),
        ("avx", "sandybridge", Avx.IsSupported),
        ("noavx", "x64", true),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("avx512", "avx2", "avx", "noavx")]
    [InlineData("avx2", "noavx")]
    [InlineData("noavx")]
    public async Task Load_FolderOfBackendPackages_RunsTheBestBuildTheMachineCan(params string[] folders)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "The packages have such folders for x64; the test libraries are those for Linux.");
        var native = _folder[Path.Combine("runtimes", "linux-x64", "native")];
        foreach (var (folder, cpuCode, _) in Builds.Where(build => folders.Contains(build.Folder)))
        {
            LayOut(Path.Combine(native, folder), cpuCode);
        }

        var best = Path.Combine(native, Builds.First(build => build.IsUsable && folders.Contains(build.Folder)).Folder, "libllama.so");
        using var process = SampleProcess.Start(
            "SteeredChat", ["--threads", "1", "--seed", "1"], ("XDG_CACHE_HOME", cache.Folder), ("STEERING_LLAMA_PATH", native));

        var run = await process.FinishAsync("How are you?\n/info\n");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Single(run.OutputLines);
        Assert.Contains(run.ErrorLines, line => line.StartsWith("llama.cpp", StringComparison.Ordinal) && line.EndsWith($"from {best}", StringComparison.Ordinal));
    }

    private static void LayOut(string folder, string cpuCode)
    {
        var source = Environment.GetEnvironmentVariable("STEERING_LLAMA_PATH") is { Length: > 0 } path
            ? path
            : Path.Combine(Path.GetDirectoryName(SampleProcess.PathOf("SteeredChat"))!, "runtimes", "linux-x64", "native");
        Directory.CreateDirectory(folder);
        foreach (var (pattern, name) in new[] { ("libllama.*so", "libllama.so"), ("libggml.*so", "libggml.so"), ("libggml-base.so", "libggml-base.so"), ($"libggml-cpu-{cpuCode}.so", "libggml-cpu.so") })
        {
            File.Copy(Directory.EnumerateFiles(source, pattern).First(), Path.Combine(folder, name));
        }
    }
}
