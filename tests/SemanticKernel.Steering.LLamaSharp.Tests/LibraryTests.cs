using LLama.Native;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Native;
using SemanticKernel.Steering.LlamaCpp.Tests;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>The native library LLamaSharp has loaded. Alone: one test puts a file beside it that all engines see.</summary>
[Collection(nameof(Alone))]
public class LibraryTests
{
    private readonly OwnModel _model = new();

    [Fact]
    public void Adopt_BindsToTheModulesLLamaSharpLoaded_AndLoadsNoOthers()
    {
        NativeApi.llama_empty_call();
        var before = LoadedModules.List();

        var library = LlamaLibrary.Adopt("LLamaSharp", NullLogger.Instance);

        var after = LoadedModules.List();
        foreach (var isName in new Func<string, bool>[] { NativeLibraryNames.IsLlama, NativeLibraryNames.IsGgml, NativeLibraryNames.IsGgmlBase })
        {
            Assert.Equal(Assert.Single(before.Where(isName)), Assert.Single(after.Where(isName)));
        }

        Assert.Equal(Assert.Single(after.Where(NativeLibraryNames.IsLlama)).Path, library.Info.Path);
        Assert.Same(library, LlamaLibrary.Adopt("LLamaSharp", NullLogger.Instance));
    }

    [Fact]
    public async Task DirectEngine_InTheSameProcess_AnswersAlikeOrIsRefused()
    {
        using var through = _model.Open();
        SteeredLlamaEngine? direct = null;
        try
        {
            direct = TestEngine.Open(_model.Path);
        }
        catch (NativeLibraryException error)
        {
            Assert.Contains("Open all engines of the process through LLamaSharp", error.Message, StringComparison.Ordinal);
        }

        if (direct is not null)
        {
            using (direct)
            {
                Assert.NotSame(direct.Model, through.Model);
                Assert.Equal((await direct.AskAsync("Hello")).Text, (await through.AskAsync("Hello")).Text);
            }
        }
    }

    [Fact]
    public void Log_OfTheApplication_StaysInPlace()
    {
        using var first = _model.Open();
        var heard = HostLog.Lines.Count;

        using var second = _model.Open();

        Assert.True(HostLog.Lines.Count > heard);
    }

    [Fact]
    public void Open_GpuBuildThatWasNotLoaded_IsAnErrorUnlessFallingBackIsAllowed()
    {
        using (var probe = _model.Open())
        {
            Assert.SkipWhen(probe.Model.NativeLibrary.HasGpu, "The llama.cpp in use has a GPU backend.");
        }

        var folder = Path.GetDirectoryName(LlamaLibrary.Current.Info.Path)!;
        var build = Path.Combine(folder, "cuda12", "libggml-cuda.so");
        Directory.CreateDirectory(Path.GetDirectoryName(build)!);
        File.WriteAllText(build, string.Empty);
        try
        {
            using var weights = _model.Load();
            var options = _model.Options();
            foreach (var open in new Func<SteeredLlamaEngine>[] { () => _model.Open(weights), () => TestEngine.Open(options) })
            {
                var error = Assert.Throws<LlamaModelException>(open);
                Assert.Contains(build, error.Message, StringComparison.Ordinal);
                Assert.Contains("WithCuda(false)", error.Message, StringComparison.Ordinal);
                Assert.Contains("set AllowCpuFallback", error.Message, StringComparison.Ordinal);
            }

            options.AllowCpuFallback = true;
            TestEngine.Open(options).Dispose();
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(build)!, recursive: true);
        }
    }
}
