using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Native;
using SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

[Collection(Collection)]
public sealed class LlamaLibraryTests : IDisposable
{
    /// <summary>Tests that load copies of the libraries, or count those that are loaded.</summary>
    internal const string Collection = "Loaded libraries";

    private readonly NativeFolder _folder = new();

    // Copies must never be the first ggml of the process: the real one would bind to them by name.
    public LlamaLibraryTests() => LlamaLibrary.Load(null, NullLogger.Instance);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Library_SaysWhatItIs()
    {
        var info = LlamaLibrary.Load(null, NullLogger.Instance).Info;

        Assert.True(File.Exists(info.Path), info.Path);
        Assert.NotEmpty(info.Version);
        Assert.Contains("CPU", info.Backends);
        Assert.NotEmpty(info.Devices);
        Assert.All(info.Devices, device => Assert.Contains(": ", device, StringComparison.Ordinal));
        Assert.NotEmpty(info.SystemInfo);
        Assert.Contains(info.Path, info.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SamePathAgain_ReturnsWhatIsLoaded()
    {
        var loaded = LlamaLibrary.Load(null, NullLogger.Instance);

        Assert.Same(loaded, LlamaLibrary.Load(loaded.Info.Path, NullLogger.Instance));
        Assert.Same(loaded, LlamaLibrary.Load(Path.GetDirectoryName(loaded.Info.Path), NullLogger.Instance));
        Assert.Same(loaded, LlamaLibrary.Load(" ", NullLogger.Instance));
    }

    [Fact]
    public void Load_OtherPathAfterLoading_IsRefusedNamingBoth()
    {
        var loaded = LlamaLibrary.Load(null, NullLogger.Instance);
        var other = _folder.Add("other");

        var error = Assert.Throws<NativeLibraryException>(() => LlamaLibrary.Load(other, NullLogger.Instance));

        Assert.Contains(loaded.Info.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
        Assert.Throws<NativeLibraryException>(() => LlamaLibrary.Load(Path.Combine(_folder.Root, "missing"), NullLogger.Instance));
    }

    [Fact]
    public void OpenFirst_MissingPath_SaysSo()
    {
        var path = Path.Combine(_folder.Root, "missing");

        AssertRefused(path, null, path, "no such f");
    }

    [Fact]
    public void OpenFirst_FolderWithoutLibraries_SaysSo() => AssertRefused(_folder.Root, null, _folder.Root, "no libllama in it");

    [Fact]
    public void OpenFirst_EnvironmentVariable_IsNamedInTheRefusal() => AssertRefused(null, _folder.Root, _folder.Root, "STEERING_LLAMA_PATH", "no libllama in it");

    [Fact]
    public void OpenFirst_LibllamaAlone_NamesWhatIsMissing()
    {
        var path = Path.Combine(_folder.Root, "libllama.so");
        File.WriteAllText(path, "This is a text.");

        AssertRefused(path, null, path, "libggml-base");
    }

    [Fact]
    public void OpenFirst_TextFilePosingAsLibllama_IsRefusedWithTheLoadersReason()
    {
        var llama = _folder.Add("mine");
        File.Delete(llama);
        File.WriteAllText(llama, string.Concat(Enumerable.Repeat("This is a text. ", 100)));

        AssertRefused(Path.GetDirectoryName(llama), null, llama, "NativeLibraryPath");
    }

    [Fact]
    public void OpenFirst_OtherLibraryPosingAsLibllama_IsRefusedByItsExports()
    {
        var llama = _folder.Add("mine");
        File.Copy(NativeLibraryNames.FindGgmlBase(Path.GetDirectoryName(llama)!)!, llama, overwrite: true);

        AssertRefused(llama, null, llama, "llama_context_default_params");
    }

    [Fact]
    public void OpenFirst_SeveralCandidates_ListsEachWithItsReason()
    {
        var native = Path.Combine("runtimes", NativeFolder.Rid, "native");
        var first = _folder.Add(Path.Combine(native, "cuda12"));
        var second = _folder.Add(Path.Combine(native, "noavx"));
        File.WriteAllText(first, "text");
        File.WriteAllText(second, "text");

        // As an explicit folder, so that the system's own search plays no part.
        AssertRefused(_folder.Native, null, first, second, $"{_folder.Native} (the NativeLibraryPath option): no libllama in it", "v0.4.x");
    }

    [Fact]
    public void OpenFirst_UnusableLibraryBeforeAUsableOne_SaysSoWhereAGpuIsMissing()
    {
        var native = Path.Combine("runtimes", NativeFolder.Rid, "native");
        var broken = _folder.Add(Path.Combine(native, "cuda12"));
        var usable = _folder.Add(Path.Combine(native, "noavx"));
        File.WriteAllText(broken, "text");
        var terminateHandler = TerminateHandler.Current;
        var library = LlamaLibrary.OpenFirst(_folder.Native, null, AppContext.BaseDirectory);
        try
        {
            Assert.Equal(usable, library.Info.Path);
            using var log = new RecordingLog();
            library.LogTo(log);
            var warning = Assert.Single(log.At(LogLevel.Warning)).Text;
            Assert.Contains(broken, warning, StringComparison.Ordinal);
            Assert.DoesNotContain("no libllama in it", warning, StringComparison.Ordinal);
            var error = Assert.Throws<LlamaModelException>(() => library.RequireGpu("GpuLayers is -1"));
            Assert.Contains(broken, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            TerminateHandler.Restore(terminateHandler);
            Unload(Path.GetDirectoryName(usable)!);
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void OpenFirst_FolderThatCannotBeRead_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "No folder is unreadable to this user.");
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Root, "closed")).FullName;
        var llama = Path.Combine(folder, "libllama.so");
        File.WriteAllText(llama, "text");
        File.SetUnixFileMode(folder, UnixFileMode.UserExecute);
        try
        {
            AssertRefused(folder, null, folder, "denied");
            AssertRefused(llama, null, llama, "denied");
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Unloads what <see cref="LlamaLibrary.OpenFirst"/> has loaded, of which a process may load several only here.</summary>
    private static void Unload(string folder)
    {
        foreach (var path in new[] { NativeLibraryNames.FindLlama(folder)!, NativeLibraryNames.FindGgml(folder)!, NativeLibraryNames.FindGgmlBase(folder)! })
        {
            var handle = NativeLibrary.Load(path);
            NativeLibrary.Free(handle);
            NativeLibrary.Free(handle);
        }
    }

    private static void AssertRefused(string? explicitPath, string? environmentPath, params string[] expected)
    {
        var error = Assert.Throws<NativeLibraryException>(() => LlamaLibrary.OpenFirst(explicitPath, environmentPath, AppContext.BaseDirectory));
        Assert.All(expected, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
