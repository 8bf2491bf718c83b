using LLama;
using LLama.Native;
using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Tests;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>Weights the application has loaded.</summary>
public class WeightsTests
{
    private readonly OwnModel _model = new();

    [Fact]
    public async Task Dispose_ByTheApplicationFirst_LeavesTheEngineWorking()
    {
        var weights = _model.Load();
        using var engine = _model.Open(weights);
        var expected = (await engine.AskAsync("Hello")).Text;

        weights.Dispose();

        Assert.Equal(expected, (await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Dispose_OfTheEngineFirst_LeavesTheApplicationWorking()
    {
        using var weights = _model.Load();
        var engine = _model.Open(weights);
        var expected = (await engine.AskAsync("Hello")).Text;

        engine.Dispose();

        Assert.False(weights.NativeHandle.IsClosed);
        Assert.Equal(DecodeResult.Ok, Decode(weights));
        using var again = _model.Open(weights);
        Assert.Equal(expected, (await again.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Decode_ByTheApplicationMeanwhile_DisturbsNeither()
    {
        using var weights = _model.Load();
        using var engine = _model.Open(weights);
        var expected = (await engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 60))).Text;

        var call = engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 60));
        while (!call.IsCompleted)
        {
            Assert.Equal(DecodeResult.Ok, Decode(weights));
        }

        Assert.Equal(expected, (await call).Text);
    }

    [Fact]
    public void Open_DisposedWeights_IsRefused()
    {
        var weights = _model.Load();
        weights.Dispose();

        Assert.Contains(_model.Path, Assert.Throws<LlamaModelException>(() => _model.Open(weights)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Context_ThatCannotBeOpened_HoldsNoWeights()
    {
        var weights = _model.Load();
        using (var engine = _model.Open(weights))
        using (var pool = LlamaThreadPoolHandle.Create(1))
        {
            // llama.cpp takes at most 256 sequences.
            Assert.Throws<LlamaModelException>(() => LlamaContext.Open(
                engine.Model, new GraphProbe(engine.Model.Library.Tensors), pool, new ContextSettings { ContextSize = 256, BatchSize = 16, MaxSequences = 1000 }));
        }

        weights.Dispose();

        Assert.True(weights.NativeHandle.IsClosed);
    }

    [Fact]
    public void Open_TwoEnginesOnTheSameWeights_ShareOneModel()
    {
        using var weights = _model.Load();
        using var others = _model.Load();
        using var first = _model.Open(weights);
        using var second = _model.Open(weights);
        using var apart = _model.Open(others);

        Assert.Same(first.Model, second.Model);
        Assert.NotSame(first.Model, apart.Model);
    }

    [Theory]
    [InlineData("their architecture is llama, that of the file qwen3", ModelArchitecture.Qwen3, 4, "random model", GgufTensorType.F32)]
    [InlineData("their name is random model, that of the file another", ModelArchitecture.Llama, 4, "another", GgufTensorType.F32)]
    [InlineData("their number of parameters is", ModelArchitecture.Llama, 3, "random model", GgufTensorType.F32)]
    [InlineData("their size in bytes is", ModelArchitecture.Llama, 4, "random model", GgufTensorType.F16)]
    public void Open_WeightsOfAnotherFile_IsRefused(string expected, ModelArchitecture architecture, int layers, string name, GgufTensorType type)
    {
        using var weights = _model.Load();
        var other = TestModelCache.Get(new RandomModelOptions { Architecture = architecture, Layers = layers, Name = name, WeightType = type, ContextLength = 1024 });

        var error = Assert.Throws<LlamaModelException>(() => TestEngine.Open(TestEngine.Options(other).UseLLamaSharp(weights)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(other, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Runs one token in a context of the application's own.</summary>
    private static DecodeResult Decode(LLamaWeights weights)
    {
        var parameters = LLamaContextParams.Default();
        parameters.n_ctx = 256;
        parameters.n_threads = parameters.n_threads_batch = 1;
        using var context = SafeLLamaContextHandle.Create(weights.NativeHandle, parameters);
        var batch = new LLamaBatch();
        batch.Add((LLamaToken)5, (LLamaPos)0, (LLamaSeqId)0, true);
        return context.Decode(batch);
    }
}
