namespace SemanticKernel.Steering.Tests;

public sealed class TrustReportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_SeveralSites_MeasuresEachInGraphOrder()
    {
        var fit = Samples(seed: 1, 30);
        var heldOut = Samples(seed: 2, 12);
        var maps = SiteMap.FitAll(fit, new FitOptions(), cancellationToken: Token);
        var report = TrustReport.Of(maps, fit, heldOut, Token);
        Assert.Equal((12, 13), (report.SourceCount, report.TargetCount));
        Assert.Equal(fit.Keys.Order(), report.Sites.Select(trust => trust.Site));
        Assert.All(report.Sites, trust => Assert.Equal(SiteTrust.Of(trust.Site, maps[trust.Site], fit[trust.Site], heldOut[trust.Site]), trust));
    }

    [Fact]
    public void ToString_AnyReport_IsATable()
    {
        var site = new Site(3, HookPoint.FeedForwardPostNorm);
        var samples = new Dictionary<Site, SiteSamples> { [site] = new(Sample.OneNeuron(0, 2), Sample.OneNeuron(4, 6)) };
        var report = TrustReport.Of(new Dictionary<Site, SiteMap> { [site] = new TransportMap([1], [3]) }, samples, samples, Token);
        var lines = report.ToString().Split('\n');
        Assert.Equal("Held out: 2 source and 2 target texts.", lines[0]);
        Assert.Equal("site                            W1 before   W1 after   left  neuron  AUROC  AUROC along means", lines[1]);
        Assert.Equal("blk.3.feed_forward_post_norm            4          1   25 %       0  1.000              1.000", lines[2]);
    }

    [Fact]
    public void Of_MissingSamplesOrMaps_Throws()
    {
        var samples = Samples(seed: 1, 5);
        var maps = SiteMap.FitAll(samples, new FitOptions(), cancellationToken: Token);
        var none = new Dictionary<Site, SiteSamples>();
        Assert.Throws<ArgumentException>(() => TrustReport.Of(maps, none, samples, Token));
        Assert.Throws<ArgumentException>(() => TrustReport.Of(maps, samples, none, Token));
        Assert.Throws<ArgumentException>(() => TrustReport.Of(new Dictionary<Site, SiteMap>(), samples, samples, Token));
        Assert.ThrowsAny<OperationCanceledException>(() => TrustReport.Of(maps, samples, samples, new CancellationToken(canceled: true)));
    }

    private static Dictionary<Site, SiteSamples> Samples(int seed, int count) => Enumerable.Range(0, 4).ToDictionary(
        layer => new Site(3 - layer, HookPoint.BlockOutput),
        layer => new SiteSamples(Sample.Random(count, 9, seed + layer), Sample.Random(count + 1, 9, seed + 50 + layer, shift: 1)));
}
