namespace SemanticKernel.Steering.Tests;

public sealed class FitAllTests
{
    private static readonly Dictionary<Site, SiteSamples> Sites = Enumerable.Range(0, 9).ToDictionary(
        layer => new Site(layer, HookPoint.BlockOutput),
        layer => new SiteSamples(Sample.Random(60, 77, seed: layer, scale: 2), Sample.Random(50, 77, seed: 100 + layer)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TransportEstimator.Linear)]
    [InlineData(TransportEstimator.ProbeLogistic)]
    [InlineData(TransportEstimator.DirectionAblation)]
    public void FitAll_ManySites_EqualsFittingEachAlone(TransportEstimator estimator)
    {
        var options = new FitOptions { Estimator = estimator };
        var maps = SiteMap.FitAll(Sites, options, cancellationToken: Token);
        Assert.Equal(Sites.Keys.Order(), maps.Keys);
        Assert.All(maps, pair => Assert.Equal(
            FitCases.Bits(SiteMap.Fit(Sites[pair.Key].Source, Sites[pair.Key].Target, options)), FitCases.Bits(pair.Value)));
    }

    [Fact]
    public void FitAll_WideSites_EqualsThePlainSolver()
    {
        // Enough for several cores on every site; every neuron by itself must come out as on one.
        var sites = Enumerable.Range(0, 3).ToDictionary(
            layer => new Site(layer, HookPoint.BlockOutput),
            layer => new SiteSamples(Sample.Random(300, 1003, seed: layer, scale: 2), Sample.Random(200, 1003, seed: 100 + layer)));
        foreach (var (site, map) in SiteMap.FitAll(sites, new FitOptions(), cancellationToken: Token))
        {
            var affine = Assert.IsType<TransportMap>(map);
            for (var neuron = 0; neuron < affine.Width; neuron += 29)
            {
                var (from, to) = (new PlainSolver(sites[site].Source, neuron), new PlainSolver(sites[site].Target, neuron));
                var expected = AffineMap.Through(PlainSolver.Slope(from, to), from.Mean, to.Mean);
                Assert.Equal(((float)expected.Slope, (float)expected.Intercept), (affine.Slope[neuron], affine.Intercept[neuron]));
            }
        }
    }

    [Fact]
    public void FitAll_Progress_CountsEverySite()
    {
        var reports = new List<FitProgress>();
        SiteMap.FitAll(Sites, new FitOptions(), new Reports(reports), Token);
        Assert.Equal(Enumerable.Range(1, 9), reports.Select(report => report.Done));
        Assert.All(reports, report => Assert.Equal(9, report.Total));
    }

    [Fact]
    public void FitAll_UnusableSite_IsNamed()
    {
        var sites = Sites.ToDictionary();
        sites[new Site(4, HookPoint.AttentionOutput)] = new SiteSamples(Sample.OneNeuron(1), Sample.OneNeuron(2, 3));
        var error = Assert.Throws<SteeringFitException>(() => SiteMap.FitAll(sites, new FitOptions(), cancellationToken: Token));
        Assert.StartsWith("blk.4.attention_output: Linear needs at least 2 samples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FitAll_Cancelled_Throws() => Assert.ThrowsAny<OperationCanceledException>(
        () => SiteMap.FitAll(Sites, new FitOptions(), cancellationToken: new CancellationToken(canceled: true)));

    private sealed class Reports(List<FitProgress> reports) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => reports.Add(value);
    }
}
