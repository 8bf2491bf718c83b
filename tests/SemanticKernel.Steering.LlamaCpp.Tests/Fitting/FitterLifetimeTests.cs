using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class FitterLifetimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fit_WhileAnEngineChats_DisturbsNeither()
    {
        using var engine = TestEngine.OpenTinyChat();
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);
        Assert.Same(engine.Model, fitter.Model);
        var options = new FitOptions { Estimator = TransportEstimator.Mean };
        var expected = (await engine.AskAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 40))).Text;
        var alone = await fitter.FitAsync(Data(40), options, cancellationToken: Token);

        var fitting = fitter.FitAsync(Data(40), options, cancellationToken: Token);
        var second = fitter.FitAsync(Data(40), options, cancellationToken: Token);
        do
        {
            Assert.Equal(expected, (await engine.AskAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 40))).Text);
        }
        while (!fitting.IsCompleted);

        foreach (var maps in await Task.WhenAll(fitting, second))
        {
            Assert.All(maps.Maps, pair => Assert.Equal(alone.Maps[pair.Key].Intercept, pair.Value.Intercept));
        }
    }

    [Fact]
    public async Task Fit_Progress_RisesToTheTotalOfEachStage()
    {
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);
        var reports = new List<FitProgress>();

        await fitter.FitAsync(Data(40), new FitOptions { Estimator = TransportEstimator.Mean }, new Recorder(reports), Token);

        var stages = reports.Select(report => report.Stage).Distinct().ToList();
        Assert.Equal(["Reading texts", "Fitting maps"], stages);
        foreach (var stage in stages)
        {
            var done = reports.Where(report => report.Stage == stage).ToList();
            Assert.Equal(done.Select(report => report.Done).Order(), done.Select(report => report.Done));
            Assert.Equal(done[^1].Total, done[^1].Done);
        }

        Assert.True(reports.Count(report => report.Stage == stages[0]) > 1);
    }

    [Fact]
    public async Task Fit_Cancelled_StopsAndTheNextFitWorks()
    {
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);
        foreach (var stopAt in new[] { 1, 2, 4 })
        {
            using var cancel = new CancellationTokenSource();
            var reports = new List<FitProgress>();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fitter.FitAsync(
                Data(80), new FitOptions { Estimator = TransportEstimator.Mean }, new Recorder(reports, stopAt, cancel), cancel.Token));

            Assert.Equal(stopAt, reports.Count);
        }

        Assert.NotEmpty((await fitter.FitAsync(Data(2), new FitOptions(), cancellationToken: Token)).Maps);
    }

    [Fact]
    public async Task Fit_CancelledBeforehand_DoesNothing()
    {
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fitter.FitAsync(Data(2), new FitOptions(), cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Fit_AfterDispose_Throws()
    {
        var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TestModelCache.Get(new RandomModelOptions { Seed = 501 })), cancellationToken: Token);
        fitter.Dispose();
        fitter.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => fitter.FitAsync(Data(2), new FitOptions(), cancellationToken: Token));
    }

    [Fact]
    public async Task Dispose_WhileFitting_IsSafe()
    {
        for (var round = 0; round < 20; round++)
        {
            var fitter = LlamaSteeringFitter.Open(TestEngine.Options(TestModelCache.Get(new RandomModelOptions { Seed = 502 })), cancellationToken: Token);
            using var cancel = new CancellationTokenSource();
            var reports = new List<FitProgress>();
            var fitting = fitter.FitAsync(Data(8), new FitOptions { Estimator = TransportEstimator.Mean }, new Recorder(reports), Token);
            if (round % 2 == 0)
            {
                await Task.Yield();
            }

            fitter.Dispose();

            try
            {
                Assert.NotEmpty((await fitting).Maps);
            }
            catch (ObjectDisposedException)
            {
                // It had not begun.
            }
        }
    }

    private static ConceptData Data(int count)
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        return new ConceptData("toxicity", [.. all.Source.Take(count)], [.. all.Target.Take(count)]);
    }

    private sealed class Recorder(List<FitProgress> reports, int stopAt = 0, CancellationTokenSource? cancel = null) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            reports.Add(value);
            if (reports.Count == stopAt)
            {
                cancel!.Cancel();
            }
        }
    }
}
