using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Tests;

namespace SemanticKernel.Steering.Conformance;

public abstract partial class RuntimeConformance
{
    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public async Task Fault_InThePrompt_GivesAnErrorAndTheNextRequestWorks(string access)
    {
        var options = Options(TinyChat.ModelPath, TestMaps.Affine(TinyChat.ModelPath, "c", float.MaxValue, float.MaxValue));
        options.StateAccess = Enum.Parse<StateAccess>(access);
        using var engine = TestEngine.Open(options);
        var expected = (await engine.AskAsync(Question)).Text;
        for (var round = 0; round < 3; round++)
        {
            var error = await Assert.ThrowsAsync<SteeringException>(() => engine.AskAsync(Question, TestEngine.Greedy("c", 1)));

            // A device does not look at what it writes: there the fault is seen in the logits.
            Assert.Contains(access == nameof(StateAccess.OnDevice) ? "logits" : "blk.0.block_output", error.Message, StringComparison.Ordinal);
            Assert.Equal(expected, (await engine.AskAsync(Question)).Text);
        }
    }

    [Fact]
    public async Task Fault_WhileGenerating_GivesTheErrorAndNotOneMoreToken()
    {
        using var engine = Open(TinyChat.ModelPath, TestMaps.Affine(TinyChat.ModelPath, "c", float.MaxValue, float.MaxValue, SteeringScope.Generated));
        var first = (await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 1))).Text;
        var text = string.Empty;

        await Assert.ThrowsAsync<SteeringException>(async () =>
        {
            await foreach (var update in engine.StreamAsync(Question, TestEngine.Greedy("c", 1)))
            {
                text += update.Text;
            }
        });

        Assert.Equal(first, text);
    }

    [Fact]
    public async Task Fault_OfOneRequest_LeavesThoseInItsBatchAlone()
    {
        using var engine = Open(TinyChat.ModelPath, TestMaps.Affine(TinyChat.ModelPath, "c", float.MaxValue, float.MaxValue, SteeringScope.Generated));
        var alone = (await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 30))).Text;

        var innocent = engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 30));
        var faulty = engine.AskAsync(Question, TestEngine.Greedy("c", 1, maxTokens: 30));

        await Assert.ThrowsAsync<SteeringException>(() => faulty);
        Assert.Equal(alone, (await innocent).Text);
    }

    [Fact]
    public async Task Cancel_WhileGenerating_EndsTheStreamAndFreesTheEngine()
    {
        using var engine = Open(OwnModel());
        using var cancel = new CancellationTokenSource();
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in engine.Client().GetStreamingResponseAsync(TestEngine.User("Hello"), TestEngine.Greedy(maxTokens: 1900), cancel.Token))
            {
                if (++seen == 3)
                {
                    await cancel.CancelAsync();
                }
            }
        });

        Assert.True(seen < 1900);
        Assert.Equal(12, (await engine.AskAsync("Hello")).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Cancel_InsideALongPrompt_StopsIt()
    {
        var options = Options(OwnModel());
        options.BatchSize = 4;
        using var engine = TestEngine.Open(options);
        var expected = (await engine.AskAsync("Hello")).Text;
        using var cancel = new CancellationTokenSource();
        var call = engine.Client().GetResponseAsync(TestEngine.User(string.Concat(Enumerable.Repeat("Hello ", 800))), TestEngine.Greedy(maxTokens: 400), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(expected, (await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Context_ThatCannotBeOpened_IsAnErrorAndLeavesTheWeightsUsable()
    {
        using var engine = Open(OwnModel());
        using var pool = LlamaThreadPoolHandle.Create(1);

        // llama.cpp takes at most 256 sequences.
        var error = Assert.Throws<LlamaModelException>(() => LlamaContext.Open(
            engine.Model, new GraphProbe(engine.Model.Library.Tensors), pool, new ContextSettings { ContextSize = 256, BatchSize = 16, MaxSequences = 1000 }));

        Assert.Contains("could not open a context of 256 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains(engine.Model.Path, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public void GpuLayers_WithoutAGpu_AreAnErrorUnlessFallingBackIsAllowed()
    {
        var options = Options(OwnModel());
        using (var probe = Open(OwnModel()))
        {
            Assert.SkipWhen(probe.Model.NativeLibrary.HasGpu, "The llama.cpp in use has a GPU backend.");
        }

        options.GpuLayers = 10;

        var error = Assert.Throws<LlamaModelException>(() => TestEngine.Open(options));

        Assert.Contains("GpuLayers is 10", error.Message, StringComparison.Ordinal);
        Assert.Contains("AllowCpuFallback", error.Message, StringComparison.Ordinal);
        options.AllowCpuFallback = true;
        TestEngine.Open(options).Dispose();
    }
}
