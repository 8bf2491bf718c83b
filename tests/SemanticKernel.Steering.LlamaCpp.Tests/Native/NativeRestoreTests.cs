using System.Diagnostics;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

/// <summary>How a build gets the prebuilt libraries, with a stand-in for npm.</summary>
public sealed class NativeRestoreTests : IDisposable
{
    private const int Files = 20;
    private const string Libraries = "node_modules/@node-llama-cpp/linux-x64/bins/linux-x64";

    private static readonly string Restore = Path.Combine(AppContext.BaseDirectory, "restore");

    private readonly string _root = Directory.CreateTempSubdirectory("steering-restore-").FullName;

    private string Destination => Path.Combine(_root, "native", "cpu-1");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Build_WithoutNpm_SaysTheThreeWaysOut()
    {
        var (exitCode, output) = await BuildAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains("STEERING001", output, StringComparison.Ordinal);
        Assert.Contains("install Node.js", output, StringComparison.Ordinal);
        Assert.Contains("STEERING_LLAMA_PATH", output, StringComparison.Ordinal);
        Assert.Contains("LLamaSharp", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_LibrariesThere_NeedsNoNpm()
    {
        Directory.CreateDirectory(Destination);

        var (exitCode, output) = await BuildAsync();

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("Restoring", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_ManyAtOnce_NeverShowsHalfOfIt()
    {
        UseNpm($"mkdir -p {Libraries} && for i in $(seq {Files}); do echo $i > {Libraries}/lib$i.so; done");
        using var stop = new CancellationTokenSource();
        var watch = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (Directory.Exists(Destination))
                {
                    Assert.Equal(Files, Directory.GetFiles(Path.Combine(Destination, Libraries)).Length);
                }
            }
        }, TestContext.Current.CancellationToken);

        var restores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RestoreAsync()));
        await stop.CancelAsync();
        await watch;

        Assert.All(restores, restore => Assert.True(restore.ExitCode == 0, restore.Output));
        Assert.Equal([Destination], Directory.GetDirectories(Path.GetDirectoryName(Destination)!));
        Assert.True(File.Exists(Path.Combine(Destination, "package-lock.json")));
    }

    [Fact]
    public async Task Restore_NpmFails_LeavesNothingAndGivesItsExitCode()
    {
        UseNpm("exit 3");

        var (exitCode, _) = await RestoreAsync();

        Assert.Equal(3, exitCode);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Destination)!));
    }

    [Fact]
    public async Task Restore_NpmBringsNothing_FailsAndLeavesNothing()
    {
        UseNpm("mkdir node_modules");

        var (exitCode, output) = await RestoreAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("linux-x64", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(Destination)!));
    }

    private static string? Find(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program + (OperatingSystem.IsWindows() ? ".exe" : string.Empty))).FirstOrDefault(File.Exists);

    private Task<(int ExitCode, string Output)> BuildAsync() => RunAsync(
        Find("dotnet")!, ["msbuild", Path.Combine(Restore, "Native.proj"), "-p:LlamaBackend=cpu", $"-p:NativeFolder={Destination}", "-p:NativePlatform=linux-x64"], WithoutNpm());

    private Task<(int ExitCode, string Output)> RestoreAsync()
    {
        Assert.SkipWhen(Find("node") is null, "Node.js restores the libraries, and is not here.");
        return RunAsync(
            Find("node")!, [Path.Combine(Restore, "restore.mjs"), Path.Combine(Restore, "cpu"), Destination, "linux-x64"],
            $"{Path.Combine(_root, "bin")}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}");
    }

    private string WithoutNpm()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "empty")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            // MSBuild cannot run anything without it.
            File.CreateSymbolicLink(Path.Combine(folder, "sh"), "/bin/sh");
        }

        return folder;
    }

    private void UseNpm(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for npm is a shell script.");
        var npm = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "bin")).FullName, "npm");
        File.WriteAllText(npm, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, string path)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
