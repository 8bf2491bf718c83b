using System.Runtime.InteropServices;
using LLama.Native;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Native;
using SemanticKernel.Steering.LlamaCpp.Tests;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>Who loads llama.cpp first, and what may come after. Every test runs in a process of its own.</summary>
public sealed class FirstComeTests : IDisposable
{
    private readonly OwnModel _model = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("steering-native-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task DirectEngine_OtherLibraryThanLLamaSharps_IsRefused() => OwnProcess.RunAsync(() =>
    {
        var used = LoadLLamaSharps();
        var options = TestEngine.Options(_model.Path);
        options.NativeLibraryPath = Copy(used);

        var error = Assert.Throws<NativeLibraryException>(() => TestEngine.Open(options));

        Assert.Contains(Path.GetDirectoryName(used)!, error.Message, StringComparison.Ordinal);
        Assert.Contains("is loaded already", error.Message, StringComparison.Ordinal);
        Assert.Contains("UseLLamaSharp", error.Message, StringComparison.Ordinal);
        using var through = _model.Open();
        return Task.CompletedTask;
    });

    [Fact]
    public Task DirectEngine_LibraryOfLLamaSharp_AnswersAlikeOrIsRefused() => OwnProcess.RunAsync(async () =>
    {
        LoadLLamaSharps();
        try
        {
            using var direct = TestEngine.Open(_model.Path);
            using var through = _model.Open();
            Assert.Equal((await direct.AskAsync("Hello")).Text, (await through.AskAsync("Hello")).Text);
        }
        catch (NativeLibraryException error)
        {
            Assert.Contains("loaded", error.Message, StringComparison.Ordinal);
            Assert.Contains("UseLLamaSharp", error.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public Task EngineThroughLLamaSharp_OtherLibllamaLoadedLater_Works() => OwnProcess.RunAsync(() =>
    {
        using var first = _model.Open();
        NativeLibrary.Load(Copy(first.Model.NativeLibrary.Path));
        Assert.Throws<NativeLibraryException>(() => HostedLlama.Find("A test"));

        using var second = new OwnModel().Open();

        Assert.Same(first.Model.Library, second.Model.Library);
        return Task.CompletedTask;
    });

    private static string LoadLLamaSharps()
    {
        NativeApi.llama_empty_call();
        return Assert.Single(LoadedModules.List().Where(NativeLibraryNames.IsLlama)).Path;
    }

    /// <summary>Copies a libllama and what is beside it into another folder.</summary>
    private string Copy(string llama)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(llama)!, "*llama*").Concat(Directory.EnumerateFiles(Path.GetDirectoryName(llama)!, "*ggml*")))
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)), overwrite: true);
        }

        return Path.Combine(_folder.FullName, Path.GetFileName(llama));
    }
}
