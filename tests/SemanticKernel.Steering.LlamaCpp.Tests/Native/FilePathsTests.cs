using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

public sealed class FilePathsTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("steering-paths-");
    private readonly string _file;

    public FilePathsTests()
    {
        _file = Path.Combine(_root.CreateSubdirectory(Path.Combine("real", "deep")).FullName, "libllama.so");
        File.WriteAllText(_file, "");
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void AreSame_LinksToTheFileAndAmongItsFolders_AreFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making links takes a privilege there.");
        var folder = Path.Combine(_root.FullName, "folder");
        Directory.CreateSymbolicLink(folder, "real");
        var file = Path.Combine(_root.FullName, "libllama.so.0");
        File.CreateSymbolicLink(file, Path.Combine(folder, "deep", "libllama.so"));

        Assert.True(FilePaths.AreSame(_file, file));
        Assert.True(FilePaths.AreSame(Path.Combine(folder, "deep", "libllama.so"), _file));
        Assert.True(FilePaths.AreSame(Path.Combine(folder, "missing"), Path.Combine(_root.FullName, "real", "missing")));
        Assert.False(FilePaths.AreSame(file, Path.Combine(_root.FullName, "libllama.so")));
    }

    [Fact]
    public void AreSame_CaseOfLetters_CountsOnLinuxOnly() =>
        Assert.Equal(!OperatingSystem.IsLinux(), FilePaths.AreSame(_file, Path.Combine(Path.GetDirectoryName(_file)!, "LibLlama.so")));

    [Fact]
    public void AreSame_RelativePath_IsThatOfTheFile() => Assert.True(FilePaths.AreSame(_file, Path.GetRelativePath(Environment.CurrentDirectory, _file)));
}
