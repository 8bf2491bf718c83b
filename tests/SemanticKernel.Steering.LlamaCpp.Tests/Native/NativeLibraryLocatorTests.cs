using System.Runtime.Intrinsics.X86;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

public sealed class NativeLibraryLocatorTests : IDisposable
{
    private readonly NativeFolder _folder = new();
    private readonly List<NativeLibraryRefusal> _refusals = [];

    private static string NativePath => Path.Combine("runtimes", NativeFolder.Rid, "native");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_ExplicitPath_IsTheOnlyCandidate()
    {
        var wanted = _folder.Add("mine");
        _folder.Add("other");
        _folder.Add(NativePath);

        var byFolder = NativeLibraryLocator.List(Path.GetDirectoryName(wanted), Path.Combine(_folder.Root, "other"), _folder.Root, _refusals);
        var byFile = NativeLibraryLocator.List(wanted, Path.Combine(_folder.Root, "other"), _folder.Root, _refusals);

        Assert.Equal(wanted, Assert.Single(byFolder).LlamaPath);
        Assert.Equal(wanted, Assert.Single(byFile).LlamaPath);
        Assert.Contains("NativeLibraryPath", byFile[0].Source, StringComparison.Ordinal);
    }

    [Fact]
    public void List_EnvironmentVariable_GoesBeforeTheApplication()
    {
        var wanted = _folder.Add("mine");
        _folder.Add(NativePath);

        var candidate = Assert.Single(NativeLibraryLocator.List(null, Path.GetDirectoryName(wanted), _folder.Root, _refusals));

        Assert.Equal(wanted, candidate.LlamaPath);
        Assert.Equal("STEERING_LLAMA_PATH", candidate.Source);
    }

    [Fact]
    public void List_NothingAskedFor_TriesTheApplicationThenTheSystem()
    {
        var inRuntimes = _folder.Add(NativePath);
        var beside = _folder.Add(".");

        var candidates = NativeLibraryLocator.List(" ", null, _folder.Root, _refusals);

        Assert.Equal([inRuntimes, Path.GetFullPath(beside), null], candidates.Select(candidate => candidate.LlamaPath is { } path ? Path.GetFullPath(path) : null));
    }

    [Fact]
    public void List_BackendSubfolders_PrefersGpuThenTheBestInstructionSet()
    {
        Assert.SkipUnless(Avx2.IsSupported, "This processor has no AVX2.");
        foreach (var name in new[] { "noavx", "avx", "avx2", "cuda12" })
        {
            _folder.Add(Path.Combine(NativePath, name));
        }

        var candidates = NativeLibraryLocator.List(null, null, _folder.Root, _refusals);

        Assert.Equal(
            ["cuda12", "avx2", "avx", "noavx"],
            candidates.Where(candidate => candidate.LlamaPath is not null).Select(candidate => Path.GetFileName(Path.GetDirectoryName(candidate.LlamaPath))));
        Assert.Null(candidates[^1].LlamaPath);
    }

    [Fact]
    public void List_CudaFolders_AreOfAnyVersionTheHighestFirst()
    {
        foreach (var name in new[] { "cuda", "cuda9", "cuda12", "cuda13", "cuda-old", "vulkan" })
        {
            _folder.Add(Path.Combine(NativePath, name));
        }

        var candidates = NativeLibraryLocator.List(_folder.Native, null, _folder.Root, _refusals);

        Assert.Equal(["cuda13", "cuda12", "cuda9", "cuda", "vulkan"], candidates.Select(candidate => Path.GetFileName(Path.GetDirectoryName(candidate.LlamaPath))));
    }

    [Fact]
    public void List_GpuFolderWithoutCpuBackend_BorrowsTheBestOneBeside()
    {
        Assert.SkipUnless(Avx2.IsSupported, "This processor has no AVX2.");
        _folder.Add(Path.Combine(NativePath, "cuda12"));
        var cpu = Path.GetDirectoryName(_folder.Add(Path.Combine(NativePath, "avx2")))!;
        File.WriteAllText(Path.Combine(cpu, "libggml-cpu.so"), "");

        Assert.Equal(cpu, NativeLibraryLocator.List(null, null, _folder.Root, _refusals)[0].CpuFolder);
    }

    [Fact]
    public void Leads_FolderWithBackendSubfolders_LeadsToTheLibrariesInThem()
    {
        var llama = _folder.Add(Path.Combine(NativePath, "noavx"));

        Assert.True(NativeLibraryLocator.Leads(_folder.Native, llama));
        Assert.True(NativeLibraryLocator.Leads(Path.GetDirectoryName(llama)!, llama));
        Assert.True(NativeLibraryLocator.Leads(Path.GetRelativePath(Environment.CurrentDirectory, llama), llama));
        Assert.False(NativeLibraryLocator.Leads(_folder.Root, llama));
    }

    [Fact]
    public void Leads_LinkToTheFolder_LeadsToTheLibrariesInIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes a privilege there.");
        var llama = _folder.Add("mine");
        var link = Path.Combine(_folder.Root, "link");
        Directory.CreateSymbolicLink(link, "mine");

        Assert.True(NativeLibraryLocator.Leads(link, llama));
        Assert.True(NativeLibraryLocator.Leads(Path.GetDirectoryName(llama)!, Path.Combine(link, Path.GetFileName(llama))));
    }

    [Theory]
    [InlineData("native", "native", true)]
    [InlineData("native", "native/cuda12", true)]
    [InlineData("native/avx2", "native/vulkan", true)]
    [InlineData("native/avx2", "native/cuda13", true)]
    [InlineData("native/cuda12", "native/cuda12", true)]
    [InlineData("native/avx2", "native/avx", false)]
    [InlineData("native/avx2", "elsewhere/cuda12", false)]
    public void FindGpuBuild_BesideOrInTheSamePackages_IsFound(string llama, string gpu, bool expected)
    {
        var path = _folder.Add(llama);
        var backend = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Root, gpu)).FullName, "libggml-vulkan.so");
        File.WriteAllText(backend, "");

        Assert.Equal(expected ? Path.GetFullPath(backend) : null, NativeLibraryLocator.FindGpuBuild(path));
    }

    [Theory]
    [InlineData("libllama.so", true)]
    [InlineData("libllama.so.0.4.0", true)]
    [InlineData("libllama.v0.4.0.so", true)]
    [InlineData("libllama.metal.v0.4.0.dylib", true)]
    [InlineData("llama.dll", true)]
    [InlineData("libllama-common.so", false)]
    [InlineData("libllama.so.bak", false)]
    [InlineData("notllama.so", false)]
    public void FindLlama_FileName_IsRecognised(string name, bool expected)
    {
        File.WriteAllText(Path.Combine(_folder.Root, name), "");

        Assert.Equal(expected, NativeLibraryNames.FindLlama(_folder.Root) is not null);
    }
}
