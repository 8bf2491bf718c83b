using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Fitting.Causal;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class CausalFitTests
{
    private const double Tolerance = 1e-4;

    private static readonly FitOptions Options = new() { Order = FitOrder.Causal, Tokens = TokenSelection.Answer };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<FitOptions> Variants =>
    [
        Options,
        Options with { CausalSides = CausalSides.SourceOnly },
        Options with { Estimator = TransportEstimator.Mean, Scope = SteeringScope.Generated },
        Options with { Support = SupportRange.TokenQuantiles(1, 99) },
        Options with { HeldOutShare = 0.25 },
        Options with { Estimator = TransportEstimator.DirectionAblation, Scope = SteeringScope.FromLastUserTurn },
    ];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Lockstep_TinyChat_EqualsSlowPasses(FitOptions options)
    {
        using var lease = OpenModel(TinyChat.ModelPath);
        var job = Job(lease.Model, TinyChatData(12), options);
        if (options.Support == SupportRange.Unbounded && options.HeldOutShare == 0)
        {
            var batches = TextBatches.Pack(job, 160);
            Assert.True(batches.Count > 3);
            AssertEqual(new MultiPassFit(job, batches).Run(), Lockstep(job, batches));
        }

        var few = TextBatches.Pack(job, 400);
        var maps = Lockstep(job, few);
        AssertEqual(maps, Replay(job, few));
        AssertEqual(maps, LockstepThenReplay(job, few));
    }

    [Theory]
    [InlineData(ModelArchitecture.Llama)]
    [InlineData(ModelArchitecture.Gemma2)]
    [InlineData(ModelArchitecture.Phi2)]
    public void Lockstep_AllSitesOfARandomModel_EqualsSlowPasses(ModelArchitecture architecture)
    {
        using var lease = OpenModel(TestModelCache.Get(architecture));
        var job = Job(lease.Model, Texts(9), Options with { Sites = SiteSelector.Of(lease.Model.HookPoints.Select(hook => hook.Site)) });
        var batches = TextBatches.Pack(job, 90);
        Assert.True(batches.Count > 1);

        var expected = new MultiPassFit(job, batches).Run();

        AssertEqual(expected, Lockstep(job, batches));
        AssertEqual(expected, Replay(job, batches));
        AssertEqual(expected, LockstepThenReplay(job, batches));
    }

    [Fact]
    public async Task FitAsync_Causal_DiffersFromSimultaneousBehindTheFirstSite()
    {
        using var fitter = Open();
        var simultaneous = await fitter.FitAsync(TinyChatData(32), Options with { Order = FitOrder.Simultaneous }, cancellationToken: Token);

        var causal = await fitter.FitAsync(TinyChatData(32), Options, cancellationToken: Token);

        Assert.Equal(FitOrder.Causal, causal.Metadata.Order);
        Assert.Equal(CausalSides.Both, causal.Metadata.CausalSides);
        AssertClose(simultaneous.Maps[new Site(0, HookPoint.BlockOutput)].Intercept, causal.Maps[new Site(0, HookPoint.BlockOutput)].Intercept, 1e-2, "block 0");
        var (last, causalLast) = (simultaneous.Maps[new Site(5, HookPoint.BlockOutput)].Intercept.ToArray(), causal.Maps[new Site(5, HookPoint.BlockOutput)].Intercept.ToArray());
        Assert.True(last.Zip(causalLast, (a, b) => Math.Abs(a - b)).Sum() > 0.2 * last.Sum(Math.Abs), "The last map is the same.");
    }

    [Fact]
    public async Task FitAsync_OverTheMemoryBudget_GivesTheSameMapsAndSaysSo()
    {
        using var fitter = Open();
        var stages = new List<string>();

        var passes = await fitter.FitAsync(TinyChatData(24), Options with { MemoryBudget = 1 << 20 }, new StageRecorder(stages), Token);
        var once = await fitter.FitAsync(TinyChatData(24), Options, new StageRecorder(stages), Token);

        Assert.Contains(stages, stage => stage.Contains("memory budget", StringComparison.Ordinal));
        Assert.Contains("Fitting site by site", stages);
        AssertEqual(once.Operations.ToDictionary(), passes.Operations.ToDictionary());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task FitAsync_CancelledAtASite_StopsAndTheNextFitWorks(int sites)
    {
        using var fitter = Open();
        using var cancel = new CancellationTokenSource();
        var reports = 0;
        var progress = new Reporter(_ =>
        {
            if (++reports == sites)
            {
                cancel.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fitter.FitAsync(TinyChatData(40), Options, progress, cancel.Token));

        Assert.NotEmpty((await fitter.FitAsync(TinyChatData(4), Options, cancellationToken: Token)).Maps);
    }

    [Fact]
    public async Task FitAsync_CancelledAnytime_Ends()
    {
        using var fitter = Open();
        var data = TinyChatData(80);
        for (var delay = 0; delay < 60; delay += 3)
        {
            using var cancel = new CancellationTokenSource();
            cancel.CancelAfter(delay);
            try
            {
                await fitter.FitAsync(data, Options, cancellationToken: cancel.Token);
            }
            catch (OperationCanceledException)
            {
                // What matters is that it ends and that the next one works.
            }
        }

        Assert.NotEmpty((await fitter.FitAsync(TinyChatData(4), Options, cancellationToken: Token)).Maps);
    }

    [Fact]
    public async Task FitAsync_FitFails_EndsAllContexts()
    {
        using var fitter = Open();
        var one = TinyChatData(1);

        await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(one, Options with { Estimator = TransportEstimator.Linear }, cancellationToken: Token));

        Assert.NotEmpty((await fitter.FitAsync(one, Options with { Estimator = TransportEstimator.Mean }, cancellationToken: Token)).Maps);
    }

    [Fact]
    public async Task FitAsync_DeviceMemoryPath_GivesTheSameMaps()
    {
        var options = TestEngine.Options(TinyChat.ModelPath);
        using var host = LlamaSteeringFitter.Open(options, cancellationToken: Token);
        options.StateAccess = StateAccess.Copied;
        using var device = LlamaSteeringFitter.Open(options, cancellationToken: Token);
        var fit = Options with { Support = SupportRange.TokenQuantiles(1, 99) };

        var expected = await host.FitAsync(TinyChatData(16), fit, cancellationToken: Token);

        AssertEqual(expected.Operations.ToDictionary(), (await device.FitAsync(TinyChatData(16), fit, cancellationToken: Token)).Operations.ToDictionary());
    }

    private static LlamaSteeringFitter Open() => LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);

    private static ModelLease OpenModel(string path) => TestEngine.OpenModel(path);

    private static FitJob Job(LlamaModel model, ConceptData data, FitOptions options)
    {
        var tokenizer = new TrainingTokenizer(new ModelTemplate(model, null), options.Tokens, model.TrainedContextSize);
        var settings = TestEngine.Options(model.Path);
        settings.KvCacheType = KvCacheType.F32;
        return new FitJob(
            model, settings, options, tokenizer.Tokenize("source", data.Source), tokenizer.Tokenize("target", data.Target));
    }

    private static Dictionary<Site, SiteMap> Lockstep(FitJob job, IReadOnlyList<Range> batches)
    {
        var fitted = new FittedSites();
        Lockstep(job, new CausalTexts(job), batches, fitted);
        return fitted.Maps.ToDictionary();
    }

    private static void Lockstep(FitJob job, CausalTexts texts, IReadOnlyList<Range> batches, FittedSites fitted)
    {
        using var run = new LockstepRun(job, texts, batches, threads: 2, Token);
        CausalFitter.Fit(run, job.Options, fitted);
    }

    private static Dictionary<Site, SiteMap> Replay(FitJob job, IReadOnlyList<Range> batches)
    {
        var fitted = new FittedSites();
        Replay(job, new CausalTexts(job), batches, fitted);
        return fitted.Maps.ToDictionary();
    }

    private static void Replay(FitJob job, CausalTexts texts, IReadOnlyList<Range> batches, FittedSites fitted)
    {
        using var run = new ReplayRun(job, texts, batches, threads: 2, Token);
        CausalFitter.Fit(run, job.Options, fitted);
    }

    /// <summary>The sites that only output rows reach one by one, behind all others at once.</summary>
    private static Dictionary<Site, SiteMap> LockstepThenReplay(FitJob job, IReadOnlyList<Range> batches)
    {
        var texts = new CausalTexts(job);
        var fitted = new FittedSites();
        Assert.InRange(job.SitesBeforeOutputs, 1, job.Sites.Count - 1);
        var early = job.At(..job.SitesBeforeOutputs);
        Assert.False(early.NeedsOutputs);
        Lockstep(early, texts, batches, fitted);
        Replay(job.At(job.SitesBeforeOutputs..), texts, batches, fitted);
        return fitted.Maps.ToDictionary();
    }

    private static void AssertEqual(Dictionary<Site, SiteMap> expected, Dictionary<Site, SiteMap> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (site, map) in expected)
        {
            switch (map, actual[site])
            {
                case (TransportMap own, TransportMap its):
                    AssertClose(own.Slope, its.Slope, Tolerance, $"slope at {site}");
                    AssertClose(own.Intercept, its.Intercept, Tolerance, $"intercept at {site}");
                    if (!own.IsUnbounded)
                    {
                        AssertClose(own.SupportLow, its.SupportLow, Tolerance, $"lower bound at {site}");
                        AssertClose(own.SupportHigh, its.SupportHigh, Tolerance, $"upper bound at {site}");
                    }

                    break;
                case (DirectionAblation own, DirectionAblation its):
                    AssertClose(own.Direction, its.Direction, Tolerance, $"direction at {site}");
                    break;
                default:
                    Assert.Fail($"{map.GetType().Name} at {site} became {actual[site].GetType().Name}.");
                    break;
            }
        }
    }

    /// <summary>Relative to the size of the whole vector: single neurons may be close to zero.</summary>
    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        var size = Math.Sqrt(expected.ToArray().Average(value => (double)value * value));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * size, $"{what}, neuron {i}: expected {expected[i]}, got {actual[i]}, of size {size}.");
        }
    }

    private static ConceptData TinyChatData(int count)
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        return new ConceptData("toxicity", [.. all.Source.Take(count)], [.. all.Target.Take(count)]);
    }

    private static ConceptData Texts(int count) => new(
        "c",
        [.. Enumerable.Range(0, count).Select(i => TrainingExample.FromText($"Hello world {i}, you are kind. {new string('a', i % 7)}"))],
        [.. Enumerable.Range(0, count + 1).Select(i => TrainingExample.FromText($"What is {i} in it? {new string('b', i % 5)}"))]);

    private sealed class StageRecorder(List<string> stages) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => stages.Add(value.Stage);
    }

    private sealed class Reporter(Action<FitProgress> onReport) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => onReport(value);
    }
}
