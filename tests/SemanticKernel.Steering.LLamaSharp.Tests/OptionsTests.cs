using LLama.Common;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Tests;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

public class OptionsTests
{
    private readonly OwnModel _model = new();

    [Theory]
    [InlineData("NativeLibraryPath")]
    [InlineData("MemoryMap")]
    [InlineData("MemoryLock")]
    public void Open_OptionThatLLamaSharpDecides_IsRefused(string option)
    {
        var options = _model.Options();
        options.NativeLibraryPath = option == "NativeLibraryPath" ? "/somewhere" : null;
        options.MemoryMap = option != "MemoryMap";
        options.MemoryLock = option == "MemoryLock";

        Assert.Contains(option, Assert.Throws<LlamaModelException>(() => TestEngine.Open(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KvCacheType.Q8, FlashAttention.Auto)]
    [InlineData(KvCacheType.F16, FlashAttention.Disabled)]
    public void Open_OptionThatCannotBePassedOn_IsRefused(KvCacheType cache, FlashAttention flashAttention)
    {
        var options = _model.Options();
        (options.KvCacheType, options.FlashAttention) = (cache, flashAttention);

        var message = Assert.Throws<LlamaModelException>(() => TestEngine.Open(options)).Message;

        Assert.Contains($"KvCacheType is {cache}", message, StringComparison.Ordinal);
        Assert.Contains($"FlashAttention {flashAttention}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatLLamaSharpCannotLoad_IsAnErrorWithItsReason()
    {
        var bytes = File.ReadAllBytes(_model.Path);
        "X"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("token_embd.weight"u8)));
        var path = TestModelCache.NewPath(".gguf");
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<LlamaModelException>(() => TestEngine.Open(TestEngine.Options(path).UseLLamaSharp(new ModelParams(path))));

        Assert.Contains($"LLamaSharp could not load '{path}'", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task Open_SmallBatches_AnswersAlike()
    {
        var maps = TestMaps.Shift(_model.Path, "c", 0.2f);
        var text = string.Concat(Enumerable.Repeat("Hello ", 100));
        var options = _model.Options(maps);
        options.BatchSize = 16;
        using var portions = TestEngine.Open(options);
        using var whole = TestEngine.Open(_model.Options(maps));

        var expected = await whole.AskAsync(text, TestEngine.Greedy("c", 1));

        Assert.True(expected.Usage!.InputTokenCount > 200);
        Assert.Equal(expected.Text, (await portions.AskAsync(text, TestEngine.Greedy("c", 1))).Text);
    }

#if !WITH_LLAMASHARP
    // LLamaSharp itself allocates for every decode; the stand-in does not, so that this shows what the adapter adds.
    [Fact]
    public async Task Decode_ThroughTheAdapter_AllocatesNothingPerToken()
    {
        using var engine = TestEngine.Open(_model.Options(TestMaps.Shift(_model.Path, "c", 0.2f)));
        var allocations = new List<long>();
        while (allocations.Count < 10 && allocations is not [.., 0])
        {
            Assert.True((await engine.AskAsync("Hello you", TestEngine.Greedy("c", 0.5, maxTokens: 60))).Usage!.OutputTokenCount > 30);
            allocations.Add(engine.Loop.LastDecodeAllocations);
        }

        Assert.Equal(0, allocations[^1]);
    }
#endif
}
