namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class TrustAndWeightTests
{
    private static readonly FitOptions Options = new() { Tokens = TokenSelection.Answer };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FitOrder.Simultaneous, long.MaxValue)]
    [InlineData(FitOrder.Simultaneous, 1 << 20)]
    [InlineData(FitOrder.Causal, long.MaxValue)]
    [InlineData(FitOrder.Causal, 1 << 20)]
    public async Task FitWithReport_HeldOutTexts_AreCountedAndTheMapsHelpThem(FitOrder order, long memoryBudget)
    {
        using var fitter = Open();

        var result = await fitter.FitWithReportAsync(Data(80), Options with { Order = order, HeldOutShare = 0.25, MemoryBudget = memoryBudget }, cancellationToken: Token);

        var trust = result.Trust!;
        Assert.Equal((20, 20), (trust.SourceCount, trust.TargetCount));
        Assert.Equal(result.Maps.Operations.Keys, trust.Sites.Select(site => site.Site));
        Assert.Equal(0.25, result.Maps.Metadata.HeldOutShare);
        Assert.All(trust.Sites, site => Assert.InRange(site.DistanceLeft, 0, 0.9));
        Assert.All(trust.Sites, site => Assert.InRange(site.DirectionAuroc, 0.7, 1));
    }

    [Fact]
    public async Task FitWithReport_HeldOutTexts_PlayNoPartInTheMaps()
    {
        using var fitter = Open();
        var options = Options with { HeldOutShare = 0.25, Estimator = TransportEstimator.Mean };
        var data = Data(40);
        var held = HeldOutSplit.Of(40, 40, options).Source.HeldOut;
        var other = data.Target[0];
        var changed = new ConceptData("toxicity", [.. data.Source.Select((text, i) => held.Contains(i) ? other : text)], data.Target);

        var maps = (await fitter.FitWithReportAsync(data, options, cancellationToken: Token)).Maps;

        var changedMaps = (await fitter.FitWithReportAsync(changed, options, cancellationToken: Token)).Maps;
        foreach (var (site, map) in maps.Maps)
        {
            // Other texts beside them in the batch change the last bits.
            Assert.All(map.Intercept.ToArray().Zip(changedMaps.Maps[site].Intercept.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        }
    }

    [Fact]
    public async Task FitWithReport_NothingHeldOut_GivesNoReport()
    {
        using var fitter = Open();

        Assert.Null((await fitter.FitWithReportAsync(Data(8), Options, cancellationToken: Token)).Trust);
    }

    [Fact]
    public async Task FitWithReport_OneTextPerSide_SaysThatThereAreTooFew()
    {
        using var fitter = Open();

        await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitWithReportAsync(Data(1), Options with { HeldOutShare = 0.1, Estimator = TransportEstimator.Mean }, cancellationToken: Token));
    }

    [Theory]
    [InlineData(FitOrder.Simultaneous)]
    [InlineData(FitOrder.Causal)]
    public async Task Fit_WeightsOfTexts_CountAsManyCopiesWould(FitOrder order)
    {
        using var fitter = Open();
        var data = Data(12);
        var options = Options with { Order = order, Estimator = TransportEstimator.Mean, Sites = SiteSelector.Of(HookPoint.BlockOutput, 0, 2) };
        var weighted = new ConceptData("toxicity", [.. data.Source.Select((text, i) => i < 3 ? text.WithWeight(3) : text)], data.Target);
        var copied = new ConceptData("toxicity", [.. data.Source.SelectMany((text, i) => Enumerable.Repeat(text, i < 3 ? 3 : 1))], data.Target);

        var maps = await fitter.FitAsync(weighted, options, cancellationToken: Token);

        var expected = await fitter.FitAsync(copied, options, cancellationToken: Token);
        var plain = await fitter.FitAsync(data, options, cancellationToken: Token);
        foreach (var (site, map) in maps.Maps)
        {
            Assert.All(map.Intercept.ToArray().Zip(expected.Maps[site].Intercept.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 5e-3));
            Assert.Contains(map.Intercept.ToArray().Zip(plain.Maps[site].Intercept.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 2e-2);
        }
    }

    private static LlamaSteeringFitter Open() => LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);

    private static ConceptData Data(int count)
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        return new ConceptData("toxicity", [.. all.Source.Take(count)], [.. all.Target.Take(count)]);
    }
}
