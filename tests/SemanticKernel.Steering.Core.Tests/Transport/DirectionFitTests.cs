namespace SemanticKernel.Steering.Tests;

public sealed class DirectionFitTests
{
    private static readonly TransportEstimator[] Shifts =
        [TransportEstimator.PcaDirection, TransportEstimator.ProbeMassMean, TransportEstimator.ProbeLogistic];

    [Theory]
    [InlineData(TransportEstimator.PcaDirection)]
    [InlineData(TransportEstimator.ProbeLogistic)]
    public void FitCancellable_Cancelled_Stops(TransportEstimator estimator) => Assert.Throws<OperationCanceledException>(() => SiteMap.FitCancellable(
        Sample.Rows([1, 1], [2, 1]), Sample.Rows([4, 5], [3, 5]), new FitOptions { Estimator = estimator }, new CancellationToken(canceled: true)));

    [Fact]
    public void Fit_PcaOfPairs_GivesTheirFirstComponentAsFarAsTheMeansLieApart()
    {
        // Differences (2, 0), (4, 0), (0, 1): second moments 20 and 1, so the component is (1, 0); the means lie 2 apart along it.
        var source = Sample.Rows([0, 0], [1, 5], [2, 2]);
        var target = Sample.Rows([2, 0], [5, 5], [2, 3]);
        var map = Fit(source, target, TransportEstimator.PcaDirection, paired: true);
        AssertShift(map, 2, 0);
        AssertShift(Fit(target, source, TransportEstimator.PcaDirection, paired: true), -2, 0);
    }

    [Fact]
    public void Fit_PcaWhereMostPairsDisagreeWithTheMeans_GoesWithTheMajority()
    {
        // Two of three pairs go down by 1, one up by 8.
        var map = Fit(Sample.Rows([0], [0], [0]), Sample.Rows([-1], [-1], [8]), TransportEstimator.PcaDirection, paired: true);
        AssertShift(map, -2);
    }

    [Fact]
    public void Fit_PcaOfEqualDifferences_GivesThatDifference()
    {
        var source = Sample.Random(5, 3, seed: 1);
        AssertShift(Fit(source, Shift(source, 1, -2, 0.5f), TransportEstimator.PcaDirection, paired: true), 1, -2, 0.5f);
    }

    [Fact]
    public void Fit_PcaUnpaired_UsesDifferencesToTheOtherMean()
    {
        // Means (0, 0) and (6, 0). To the other mean: (6 ± 0, ∓1) twice over, so the component is (1, 0).
        AssertShift(Fit(Sample.Rows([0, 1], [0, -1]), Sample.Rows([6, 1], [6, -1], [6, 0]), TransportEstimator.PcaDirection), 6, 0);
    }

    [Fact]
    public void Fit_MassMean_ShiftsByOneDeviationFromMeanToMean()
    {
        // Along (0.6, 0.8): −1, 1 | 9, 11 → mean 5, squares 36 + 16 + 16 + 36 over 4 = 26.
        var map = Fit(Sample.Rows([-0.6f, -0.8f], [0.6f, 0.8f]), Sample.Rows([5.4f, 7.2f], [6.6f, 8.8f]), TransportEstimator.ProbeMassMean);
        AssertShift(map, 0.6f * MathF.Sqrt(26), 0.8f * MathF.Sqrt(26));
    }

    [Fact]
    public void Fit_LogisticWithSymmetricNoise_IgnoresTheNoisyNeuron()
    {
        // Along (1, 0) all samples are at −1 or 1: deviation 1.
        AssertShift(Fit(Sample.Rows([-1, 5], [-1, -5]), Sample.Rows([1, 5], [1, -5]), TransportEstimator.ProbeLogistic), 1, 0);
    }

    [Fact]
    public void Fit_LogisticWithSlantedNoise_TurnsAwayFromItFurtherThanTheMeans()
    {
        // The means differ by (1, 1), but neuron 1 is mostly noise.
        var source = Sample.Rows([0, -6], [0.2f, 5], [-0.2f, 0], [0, 1]);
        var target = Sample.Rows([1, -5], [1.2f, 6], [0.8f, 1], [1, 2]);
        var logistic = Fit(source, target, TransportEstimator.ProbeLogistic).Intercept;
        var massMean = Fit(source, target, TransportEstimator.ProbeMassMean).Intercept;
        Approx.Equal(1, massMean[1] / massMean[0], 1e-5);
        Assert.InRange(logistic[1] / logistic[0], -0.2f, 0.9f);
        Assert.True(logistic[0] > 0);
    }

    [Fact]
    public void Fit_BothSetsShifted_GivesTheSameShift()
    {
        var source = Sample.Random(20, 4, seed: 1);
        var target = Sample.Random(20, 4, seed: 2, shift: 0.7f);
        foreach (var estimator in Shifts)
        {
            var map = Fit(source, target, estimator);
            Assert.True(map.IsAdditive);
            Assert.False(map.IsIdentity);
            var shifted = Fit(Shift(source, 8, 8, 8, 8), Shift(target, 8, 8, 8, 8), estimator);
            for (var i = 0; i < 4; i++)
            {
                Approx.Equal(map.Intercept[i], shifted.Intercept[i], 1e-4);
            }
        }
    }

    [Fact]
    public void Fit_SetsSwapped_GivesTheOppositeShift()
    {
        var source = Sample.Random(20, 4, seed: 1);
        var target = Sample.Random(20, 4, seed: 2, shift: 0.7f);
        foreach (var estimator in Shifts)
        {
            var map = Fit(source, target, estimator);
            var back = Fit(target, source, estimator);
            for (var i = 0; i < 4; i++)
            {
                Approx.Equal(-map.Intercept[i], back.Intercept[i], 1e-4);
            }
        }
    }

    [Fact]
    public void Fit_Ablation_TakesTheDirectionFromMeanToMean()
    {
        var options = new FitOptions { Estimator = TransportEstimator.DirectionAblation };
        var ablation = Assert.IsType<DirectionAblation>(SiteMap.Fit(Sample.Rows([1, 1]), Sample.Rows([4, 5]), options));
        Approx.Equal(0.6, ablation.Direction[0], 1e-6);
        Approx.Equal(0.8, ablation.Direction[1], 1e-6);
        Assert.Throws<SteeringFitException>(() => TransportMap.Fit(Sample.Rows([1, 1], [1, 2]), Sample.Rows([4, 5], [3, 3]), options));
        Assert.Throws<ArgumentException>(() => SiteMap.Fit(Sample.Rows([1, 1]), Sample.Rows([4]), options));
    }

    [Fact]
    public void Fit_OptionsThatDoNotSuitADirection_Throw()
    {
        var source = Sample.Random(4, 3, seed: 1);
        var target = Sample.Random(5, 3, seed: 2);
        foreach (var estimator in Shifts.Append(TransportEstimator.DirectionAblation))
        {
            var options = new FitOptions { Estimator = estimator };
            Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, target, options with { Mode = FitMode.Reference }));
            Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, target, options with { Support = SupportRange.Quantiles(0, 100) }));
            Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, target, options with { Paired = true }));
        }

        foreach (var estimator in Shifts)
        {
            Assert.Throws<SteeringFitException>(() => Fit(Sample.Rows([1, 2]), Sample.Rows([3, 4], [5, 6]), estimator));
            Assert.Throws<SteeringFitException>(() => Fit(Sample.Rows([-3e38f], [-3e38f]), Sample.Rows([3e38f], [3e38f]), estimator));
        }
    }

    private static TransportMap Fit(ActivationSamples source, ActivationSamples target, TransportEstimator estimator, bool paired = false) =>
        TransportMap.Fit(source, target, new FitOptions { Estimator = estimator, Paired = paired });

    private static void AssertShift(TransportMap map, params float[] expected)
    {
        Assert.True(map.IsAdditive);
        for (var i = 0; i < expected.Length; i++)
        {
            Approx.Equal(expected[i], map.Intercept[i], 1e-4, $"neuron {i}");
        }
    }

    private static ActivationSamples Shift(ActivationSamples samples, params float[] by) => new(
        samples.Count,
        samples.Width,
        Enumerable.Range(0, samples.Count).SelectMany(i => samples.Row(i).ToArray().Zip(by, (value, shift) => value + shift)).ToArray());
}
