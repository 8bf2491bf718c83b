namespace SemanticKernel.Steering.Tests;

public sealed class TransportMapFitTests
{
    // Those that carry the source's mean onto the target's.
    private static readonly TransportEstimator[] Transports = [TransportEstimator.Linear, TransportEstimator.Gaussian, TransportEstimator.Mean];

    [Fact]
    public void Fit_HandComputedSamples_GivesTheHandComputedMaps()
    {
        // Sorted: 0 1 5 -> 1 2 9. Means 2 and 4, covariance sum (-2)(-3) + (-1)(-2) + 3·5 = 23, variance sum 4 + 1 + 9 = 14.
        var linear = Sample.Fit([5, 0, 1], [2, 9, 1]);
        Approx.Relative(23.0 / 14, linear.Slope[0], 1e-7, "slope");
        Approx.Relative(4 - (2 * 23.0 / 14), linear.Intercept[0], 1e-6, "intercept");

        // Deviations sqrt(14 / 2) and sqrt((9 + 4 + 25) / 2).
        var gaussian = Sample.Fit([5, 0, 1], [2, 9, 1], new FitOptions { Estimator = TransportEstimator.Gaussian });
        Approx.Relative(Math.Sqrt(19.0 / 7), gaussian.Slope[0], 1e-7, "slope");

        var mean = Sample.Fit([5, 0, 1], [2, 9, 1], new FitOptions { Estimator = TransportEstimator.Mean });
        Assert.Equal((1f, 2f), (mean.Slope[0], mean.Intercept[0]));
    }

    [Fact]
    public void Fit_UnequalCounts_CouplesByMass()
    {
        // 0 takes half of 10's mass with it and so on: 0 -> 10, 0 -> 10, 3 -> 10, 3 -> 40 in quarters gives slope 15/2 over 3.
        var map = Sample.Fit([0, 3], [10, 10, 10, 40]);
        Assert.Equal((5f, 10f), (map.Slope[0], map.Intercept[0]));
    }

    [Fact]
    public void Fit_EqualSets_GivesTheExactIdentity()
    {
        var source = Sample.Random(33, 70, seed: 5, scale: 7, shift: 100);
        var shuffled = new ActivationSamples(33, 70, Enumerable.Range(0, 33).Reverse().SelectMany(i => source.Row(i).ToArray()).ToArray());
        foreach (var estimator in Enum.GetValues<TransportEstimator>())
        {
            foreach (var mode in Enum.GetValues<FitMode>().Where(mode => mode == FitMode.Safe || !DirectionFitter.Fits(estimator)))
            {
                Assert.True(SiteMap.Fit(source, shuffled, new FitOptions { Estimator = estimator, Mode = mode }).IsIdentity, $"{estimator} {mode}");
            }
        }
    }

    [Fact]
    public void Fit_BothSetsShifted_ShiftsTheMap()
    {
        var source = Sample.Random(40, 5, seed: 1);
        var target = Sample.Random(50, 5, seed: 2, scale: 3, shift: 1);
        foreach (var estimator in Transports)
        {
            var options = new FitOptions { Estimator = estimator };
            var map = TransportMap.Fit(source, target, options);
            var shifted = TransportMap.Fit(source.Select(value => value + 8), target.Select(value => value + 8), options);
            for (var neuron = 0; neuron < 5; neuron++)
            {
                Approx.Equal(map.Slope[neuron], shifted.Slope[neuron]);
                Approx.Equal((map.Slope[neuron] * 2) + map.Intercept[neuron] + 8, (shifted.Slope[neuron] * 10) + shifted.Intercept[neuron]);
            }
        }
    }

    [Fact]
    public void Fit_AnySamples_IsMonotoneAndCarriesMeanOntoMean()
    {
        var source = Sample.Random(31, 40, seed: 3);
        var target = Sample.Random(57, 40, seed: 4, scale: 5, shift: -2);
        foreach (var estimator in Transports)
        {
            var map = TransportMap.Fit(source, target, new FitOptions { Estimator = estimator });
            for (var neuron = 0; neuron < 40; neuron++)
            {
                Assert.True(map.Slope[neuron] >= 0);
                Approx.Equal(Mean(target, neuron), (map.Slope[neuron] * Mean(source, neuron)) + map.Intercept[neuron]);
            }
        }
    }

    [Fact]
    public void Fit_ManyNeurons_EqualsFittingEachAlone()
    {
        // Wide and deep enough to be fitted on several cores, with a last tile that is not full.
        var source = Sample.Random(200, 1001, seed: 6);
        var target = Sample.Random(150, 1001, seed: 7, shift: 1);
        var options = new FitOptions { Support = SupportRange.Quantiles(5, 95) };
        var map = TransportMap.Fit(source, target, options);
        foreach (var neuron in new[] { 0, 15, 16, 500, 992, 1000 })
        {
            var alone = Sample.Fit(source.Column(neuron), target.Column(neuron), options);
            Assert.Equal(alone.Slope[0], map.Slope[neuron]);
            Assert.Equal(alone.Intercept[0], map.Intercept[neuron]);
            Assert.Equal(alone.SupportLow[0], map.SupportLow[neuron]);
            Assert.Equal(alone.SupportHigh[0], map.SupportHigh[neuron]);
        }
    }

    [Fact]
    public void Fit_QuietSource_IsLeftAloneExceptByMean()
    {
        // A deviation of about 1e-3 is too little at a mean of 100.
        float[] quiet = [100, 100.001f, 100.002f];
        float[] target = [1, 2, 3];
        Assert.True(Sample.Fit(quiet, target).IsIdentity);
        Assert.True(Sample.Fit(quiet, target, new FitOptions { Estimator = TransportEstimator.Gaussian }).IsIdentity);
        Approx.Equal(-98.001, Sample.Fit(quiet, target, new FitOptions { Estimator = TransportEstimator.Mean }).Intercept[0]);
        Assert.False(Sample.Fit([0, 0.001f, 0.002f], target).IsIdentity);
    }

    [Fact]
    public void Fit_OneSample_WorksForMeanOnly()
    {
        Assert.Equal(3f, Sample.Fit([1], [4], new FitOptions { Estimator = TransportEstimator.Mean }).Intercept[0]);
        foreach (var estimator in new[] { TransportEstimator.Linear, TransportEstimator.Gaussian })
        {
            Assert.Throws<SteeringFitException>(() => Sample.Fit([1], [4, 5], new FitOptions { Estimator = estimator }));
            Assert.Throws<SteeringFitException>(() => Sample.Fit([1, 2], [4], new FitOptions { Estimator = estimator }));
        }
    }

    [Fact]
    public void Fit_PooledQuantiles_AreClosedInSafeMode()
    {
        var map = Sample.Fit([0, 1, 2, 3], [10, 11, 12, 13], new FitOptions { Support = SupportRange.Quantiles(0, 100) });
        Assert.Equal(10f, map.ApplyOne(0));
        Assert.Equal(13f, map.ApplyOne(3));
        Assert.Equal(3.1f, map.ApplyOne(3.1f));
    }

    [Fact]
    public void Fit_TokenQuantiles_TakesBoundsFromTheSketch()
    {
        var tokens = new TokenSketch(1);
        for (var i = 0; i <= 100; i++)
        {
            tokens.Add([i - 50]);
        }

        var source = new ActivationSamples(2, 1, new float[] { 0, 1 }, tokens);
        var target = Sample.OneNeuron(5, 6);
        var map = TransportMap.Fit(source, target, new FitOptions { Support = SupportRange.TokenQuantiles(0, 90) });
        Assert.Equal((-50f, 40f), (map.SupportLow[0], map.SupportHigh[0]));
        var open = TransportMap.Fit(source, target, new FitOptions { Support = SupportRange.TokenQuantiles(0, 90), Mode = FitMode.Reference });
        Assert.Equal((float.BitIncrement(-50f), float.BitDecrement(40f)), (open.SupportLow[0], open.SupportHigh[0]));
    }

    [Fact]
    public void Fit_TokenQuantilesWithoutSketch_Throws()
    {
        var options = new FitOptions { Support = SupportRange.TokenQuantiles(1, 99) };
        Assert.Throws<SteeringFitException>(() => Sample.Fit([0, 1], [2, 3], options));
        var empty = new ActivationSamples(2, 1, new float[] { 0, 1 }, new TokenSketch(1));
        Assert.Throws<SteeringFitException>(() => TransportMap.Fit(empty, Sample.OneNeuron(2, 3), options));
    }

    [Fact]
    public void Fit_OverflowingResult_Throws()
    {
        var error = Assert.Throws<SteeringFitException>(() => Sample.Fit([-3e38f, -3e38f], [3e38f, 3e38f], new FitOptions { Estimator = TransportEstimator.Mean }));
        Assert.Contains("neuron 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_DifferentWidths_Throws() =>
        Assert.Throws<ArgumentException>(() => TransportMap.Fit(Sample.Random(2, 3, 0), Sample.Random(2, 4, 0), new FitOptions()));

    private static double Mean(ActivationSamples samples, int neuron) => samples.Column(neuron).Average(value => (double)value);
}
