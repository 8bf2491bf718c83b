namespace SemanticKernel.Steering.Tests;

public sealed class SiteTrustTests
{
    private static readonly SiteMap Shift = new TransportMap([1, 1], [2, 0]);

    [Fact]
    public void Of_HandComputedSets_GivesTheHandComputedNumbers()
    {
        // Neuron 1 separates the fit perfectly, source above; neuron 0 half as well.
        var fit = new SiteSamples(Sample.Rows([0, 5], [2, 6]), Sample.Rows([1, 1], [3, 2]));

        // Held out, neuron 0 moves from {0, 2} to {3} (distances 3 and 1), neuron 1 from {1, 5} to {2} (1 and 3).
        var heldOut = new SiteSamples(Sample.Rows([0, 1], [2, 5]), Sample.Rows([3, 2]));
        var trust = SiteTrust.Of(Maps.Site, Shift, fit, heldOut);
        Assert.Equal(Maps.Site, trust.Site);
        Approx.Equal(2, trust.DistanceBefore, 1e-12);

        // Neuron 0 is then at {2, 4}: 1 away on average.
        Approx.Equal(1.5, trust.DistanceAfter, 1e-12);
        Approx.Equal(0.75, trust.DistanceLeft, 1e-12);
        Assert.Equal(1, trust.BestNeuron);

        // Of the held-out source values 1 and 5 one lies above 2, as in the fit.
        Assert.Equal(0.5, trust.NeuronAuroc);

        // The means of the fit differ by (1, −4): the source scores −4 and −18, the target −5.
        Assert.Equal(0.5, trust.DirectionAuroc);
    }

    [Fact]
    public void Of_Weights_CountForEveryNumber()
    {
        var fit = new SiteSamples(Sample.Rows([0, 5], [2, 6]), Sample.Rows([1, 1], [3, 2]));
        var heldOut = new SiteSamples(Sample.Rows([0, 1], [2, 5]).Weighted(1, 3), Sample.Rows([3, 2]));
        var trust = SiteTrust.Of(Maps.Site, Shift, fit, heldOut);
        Approx.Equal(((3 + 3) / 4.0 + (1 + 9) / 4.0) / 2, trust.DistanceBefore, 1e-12);
        Approx.Equal(0.75, trust.NeuronAuroc, 1e-12);
        Approx.Equal(0.75, trust.DirectionAuroc, 1e-12);
    }

    [Fact]
    public void Of_SeparationThatTurnsRound_IsBelowOneHalf()
    {
        var fit = new SiteSamples(Sample.OneNeuron(1, 2), Sample.OneNeuron(3, 4));
        var heldOut = new SiteSamples(Sample.OneNeuron(9, 8), Sample.OneNeuron(3, 4));
        var trust = SiteTrust.Of(Maps.Site, new TransportMap([1], [1]), fit, heldOut);
        Assert.Equal((0, 0), (trust.NeuronAuroc, trust.DirectionAuroc));
    }

    [Fact]
    public void Of_SamplesInAnyOrder_GivesTheSameNumbers()
    {
        var fit = Random(seed: 1, 40);
        var heldOut = Random(seed: 3, 21);
        var map = SiteMap.Fit(fit.Source, fit.Target, new FitOptions());
        var shuffled = new SiteSamples(heldOut.Source.Shuffled(seed: 5), heldOut.Target.Shuffled(seed: 6));
        Assert.Equal(SiteTrust.Of(Maps.Site, map, fit, heldOut), SiteTrust.Of(Maps.Site, map, fit, shuffled));
    }

    [Theory]
    [InlineData(TransportEstimator.Linear, false)]
    [InlineData(TransportEstimator.Gaussian, false)]
    [InlineData(TransportEstimator.Mean, false)]
    [InlineData(TransportEstimator.Mean, true)]
    [InlineData(TransportEstimator.AurA, false)]
    [InlineData(TransportEstimator.PcaDirection, true)]
    [InlineData(TransportEstimator.ProbeMassMean, false)]
    [InlineData(TransportEstimator.ProbeLogistic, false)]
    [InlineData(TransportEstimator.DirectionAblation, false)]
    public void Of_EveryKindOfMap_Measures(TransportEstimator estimator, bool preserveNorm)
    {
        var fit = Random(seed: 1, 60);
        var heldOut = Random(seed: 3, 40);
        var map = SiteMap.Fit(fit.Source, fit.Target, new FitOptions { Estimator = estimator, PreserveNorm = preserveNorm });
        var trust = SiteTrust.Of(Maps.Site, map, fit, heldOut);
        Assert.True(trust.DistanceBefore > 0);
        Assert.InRange(trust.DirectionAuroc, 0.9, 1);
        Assert.InRange(trust.NeuronAuroc, 0.6, 1);
        if (estimator is TransportEstimator.Linear or TransportEstimator.Gaussian or TransportEstimator.Mean && !preserveNorm)
        {
            Assert.InRange(trust.DistanceLeft, 0, 0.5);
        }
    }

    [Fact]
    public void Of_IdentityMap_LeavesTheDistance()
    {
        var heldOut = Random(seed: 3, 40);
        var trust = SiteTrust.Of(Maps.Site, new TransportMap(MapValues.Filled(20, 1), new float[20]), heldOut, heldOut);
        Assert.Equal(1, trust.DistanceLeft);
    }

    [Fact]
    public void Of_WrongSamples_Throws()
    {
        var two = new SiteSamples(Sample.Rows([0, 5]), Sample.Rows([1, 1]));
        var one = new SiteSamples(Sample.OneNeuron(0), Sample.OneNeuron(1));
        Assert.Throws<ArgumentException>(() => SiteTrust.Of(Maps.Site, Shift, one, two));
        Assert.Throws<ArgumentException>(() => SiteTrust.Of(Maps.Site, Shift, two, one));
        Assert.Throws<ArgumentException>(() => new SiteSamples(Sample.Rows([0, 5]), Sample.OneNeuron(1)));
        Assert.Throws<NotFiniteNumberException>(() => SiteTrust.Of(Maps.Site, new TransportMap([3e38f, 1], [0, 0]), two, new SiteSamples(Sample.Rows([9, 9]), Sample.Rows([1, 1]))));
    }

    private static SiteSamples Random(int seed, int count) =>
        new(Sample.Random(count, 20, seed, scale: 2, shift: 1), Sample.Random(count + 9, 20, seed + 1, scale: 1.5f, shift: 0.5f));
}
