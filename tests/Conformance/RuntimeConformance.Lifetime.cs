using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Tests;

namespace SemanticKernel.Steering.Conformance;

public abstract partial class RuntimeConformance
{
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 1, 0)]
    public async Task Dispose_EnginesAndFitterInAnyOrder_LeavesTheOthersWorking(params int[] order)
    {
        var options = Options(OwnModel());
        using var first = TestEngine.Open(options);
        using var second = TestEngine.Open(options);
        using var fitter = OpenFitter(options);
        Assert.Same(first.Model, second.Model);
        Assert.Same(first.Model, fitter.Model);
        IDisposable[] owners = [first, second, fitter];
        for (var i = 0; i < order.Length; i++)
        {
            owners[order[i]].Dispose();
            foreach (var alive in order[(i + 1)..])
            {
                if (owners[alive] is SteeredLlamaEngine engine)
                {
                    Assert.NotEmpty((await engine.AskAsync("Hello")).Text);
                }
                else
                {
                    var texts = new ConceptData("c", [TrainingExample.FromText("Hello")], [TrainingExample.FromText("What")]);
                    Assert.NotEmpty((await fitter.FitAsync(texts, new FitOptions { Estimator = TransportEstimator.Mean }, cancellationToken: Token)).Maps);
                }
            }
        }

        Assert.True(first.Model.Handle.IsClosed);
    }

    [Fact]
    public async Task Engines_OnTheSameWeights_AnswerAtOnceEachUnderItsPlan()
    {
        var path = OwnModel();
        var maps = TestMaps.Shift(path, "c", 0.3f);
        var options = Options(path, maps);
        using var plain = TestEngine.Open(options);
        using var steered = TestEngine.Open(options);
        var expected = (await plain.AskAsync("Hello", TestEngine.Greedy(maxTokens: 40))).Text;
        var expectedSteered = (await steered.AskAsync("Hello", TestEngine.Greedy("c", 1, maxTokens: 40))).Text;
        Assert.NotEqual(expected, expectedSteered);

        for (var round = 0; round < 3; round++)
        {
            var one = plain.AskAsync("Hello", TestEngine.Greedy(maxTokens: 40));
            var other = steered.AskAsync("Hello", TestEngine.Greedy("c", 1, maxTokens: 40));

            Assert.Equal(expected, (await one).Text);
            Assert.Equal(expectedSteered, (await other).Text);
        }
    }

    [Fact]
    public async Task Dispose_WhileAnswering_EndsTheAnswerAndLeavesOthersWorking()
    {
        var options = Options(OwnModel());
        using var kept = TestEngine.Open(options);
        var closed = TestEngine.Open(options);
        var call = closed.AskAsync("Hello", TestEngine.Greedy(maxTokens: 1900));

        closed.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.NotEmpty((await kept.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Open_AfterTheLastOwnerIsGone_WorksAgain()
    {
        var options = Options(OwnModel());
        var first = TestEngine.Open(options);
        var expected = (await first.AskAsync("Hello")).Text;
        first.Dispose();

        using var second = TestEngine.Open(options);

        Assert.NotSame(first.Model, second.Model);
        Assert.Equal(expected, (await second.AskAsync("Hello")).Text);
    }
}
