namespace SemanticKernel.Steering.Tests;

public sealed class WeightedFitTests
{
    private static readonly ActivationSamples Source = Sample.Random(40, 21, seed: 1, scale: 2, shift: 0.4f);
    private static readonly ActivationSamples Target = Sample.Random(40, 21, seed: 2, scale: 3);

    public static TheoryData<TransportEstimator> Estimators => new(Enum.GetValues<TransportEstimator>());

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fit_EqualWeights_GivesTheSameBitsAsNone(TransportEstimator estimator)
    {
        foreach (var options in FitCases.Options(estimator))
        {
            var weighted = SiteMap.Fit(
                Source.Weighted(Enumerable.Repeat(0.3, 40).ToArray()), Target.Weighted(Enumerable.Repeat(7.0, 40).ToArray()), options);
            Assert.Equal(FitCases.Bits(SiteMap.Fit(Source, Target, options)), FitCases.Bits(weighted));
        }
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fit_WeightsOfAnyScale_GiveTheSameMap(TransportEstimator estimator)
    {
        var weights = Sample.RandomWeights(40, seed: 3);
        foreach (var options in FitCases.Options(estimator).Where(options => options.Mode == FitMode.Safe))
        {
            var map = SiteMap.Fit(Source.Weighted(weights), Target, options);
            var scaled = SiteMap.Fit(Source.Weighted(weights.Select(weight => weight * 1024).ToArray()), Target, options);
            Assert.Equal(FitCases.Bits(map), FitCases.Bits(scaled));
            Assert.NotEqual(FitCases.Bits(SiteMap.Fit(Source, Target, options)), FitCases.Bits(map));
        }
    }

    [Theory]
    [InlineData(TransportEstimator.Linear)]
    [InlineData(TransportEstimator.Mean)]
    [InlineData(TransportEstimator.AurA)]
    [InlineData(TransportEstimator.ProbeLogistic)]
    [InlineData(TransportEstimator.DirectionAblation)]
    public void Fit_WholeWeights_CountAsRepeatedSamples(TransportEstimator estimator)
    {
        // Those whose result does not tell how many samples there are.
        double[] weights = [.. Enumerable.Range(0, 40).Select(i => 1.0 + (i % 3))];
        var repeated = Enumerable.Range(0, 40).SelectMany(i => Enumerable.Repeat(i, (int)weights[i])).ToArray();
        var options = new FitOptions { Estimator = estimator };
        var map = FitCases.Values(SiteMap.Fit(Source.Weighted(weights), Target.Weighted(weights), options));
        var expected = FitCases.Values(SiteMap.Fit(Source.Subset(repeated), Target.Subset(repeated), options));
        Approx.Equal(expected, map);
    }

    [Fact]
    public void Fit_HandComputedWeights_GivesTheHandComputedMaps()
    {
        // Source 0 and 4, a quarter and three quarters: mean 3, variance (9/4 + 3/4) / (1 − 1/16 − 9/16) = 8.
        // Target 1 and 3, half and half: mean 2, variance 2. A quarter goes 0 → 1, a quarter 4 → 1, a half 4 → 3.
        var source = Sample.OneNeuron(4, 0).Weighted(3, 1);
        var target = Sample.OneNeuron(1, 3);
        Approx.Equal(0.5, Fit(TransportEstimator.Gaussian).Slope[0], 1e-7);
        Approx.Equal(0.5, Fit(TransportEstimator.Gaussian).Intercept[0], 1e-7);

        // Covariance ((−3)(−1) + (1)(−1) + 2·(1)(1)) / 4 over variance (9 + 1 + 2) / 4.
        Approx.Equal(1.0 / 3, Fit(TransportEstimator.Linear).Slope[0], 1e-7);
        Approx.Equal(1, Fit(TransportEstimator.Linear).Intercept[0], 1e-7);
        Approx.Equal(-1, Fit(TransportEstimator.Mean).Intercept[0], 1e-7);

        // The source lies above with its three quarters: AUROC 3/4, slope 2 − 3/2.
        Approx.Equal(0.5, Fit(TransportEstimator.AurA).Slope[0], 1e-7);

        TransportMap Fit(TransportEstimator estimator) => TransportMap.Fit(source, target, new FitOptions { Estimator = estimator });
    }

    [Fact]
    public void Fit_WeightedPairs_FollowTheHeavyOnes()
    {
        // Pairs move along (2, 0), (2, 0) and (0, 3); the last outweighs both.
        var source = Sample.Rows([0, 0], [1, 5], [2, 2]).Weighted(1, 1, 9);
        var target = Sample.Rows([2, 0], [3, 5], [2, 5]).Weighted(1, 1, 9);
        var map = TransportMap.Fit(source, target, new FitOptions { Estimator = TransportEstimator.PcaDirection, Paired = true });
        Approx.Equal(0, map.Intercept[0], 1e-4);
        Approx.Equal(27.0 / 11, map.Intercept[1], 1e-4);
    }

    [Fact]
    public void Fit_WeightedSupport_TakesWeightedQuantiles()
    {
        // Middles at 2/16, 5/16, 7/16 and 12/16, stretched: the upper half begins at 4.
        var source = Sample.OneNeuron(8, 4, 2, 1).Weighted(4, 1, 1, 2);
        var map = TransportMap.Fit(source, Sample.OneNeuron(1, 2), new FitOptions { Support = SupportRange.Quantiles(50, 100) });
        Assert.Equal((4f, 8f), (map.SupportLow[0], map.SupportHigh[0]));
    }

    [Fact]
    public void Fit_ReferenceMode_RefusesWeights()
    {
        var weighted = Source.Weighted(Sample.RandomWeights(40, seed: 3));
        foreach (var estimator in new[] { TransportEstimator.Linear, TransportEstimator.Gaussian, TransportEstimator.Mean, TransportEstimator.AurA })
        {
            var options = new FitOptions { Estimator = estimator, Mode = FitMode.Reference };
            Assert.Throws<SteeringFitException>(() => TransportMap.Fit(weighted, Target, options));
            Assert.Throws<SteeringFitException>(() => TransportMap.Fit(Target, weighted, options));
        }
    }

    [Fact]
    public void Fit_OneSampleOutweighsAll_WorksForWhatNeedsOneOnly()
    {
        var source = Sample.OneNeuron(0, 1, 2).Weighted(1, 1e-200, 1e-300);
        var target = Sample.OneNeuron(5, 7);
        foreach (var estimator in Enum.GetValues<TransportEstimator>())
        {
            var options = new FitOptions { Estimator = estimator };
            if (estimator is TransportEstimator.Mean or TransportEstimator.DirectionAblation)
            {
                Assert.False(SiteMap.Fit(source, target, options).IsIdentity);
            }
            else
            {
                Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, target, options));
                Assert.Throws<SteeringFitException>(() => SiteMap.Fit(target, source, options));
            }
        }

        var barely = Sample.OneNeuron(0, 1).Weighted(1, 1e-5);
        Assert.All(Enum.GetValues<TransportEstimator>(), estimator => SiteMap.Fit(barely, target, new FitOptions { Estimator = estimator }));
    }
}
