namespace SemanticKernel.Steering.Tests;

/// <summary>What holds for every estimator, whatever the samples.</summary>
public sealed class EstimatorInvariantTests
{
    private const int Width = 19;

    // Directions come out of iterations in single precision.
    private const double Tolerance = 2e-4;

    private static readonly ActivationSamples Source = Sample.Random(33, Width, seed: 1, scale: 2, shift: 0.7f);
    private static readonly ActivationSamples Target = Sample.Random(45, Width, seed: 2, scale: 3);
    private static readonly ActivationSamples States = Sample.Random(8, Width, seed: 3, scale: 4);

    public static TheoryData<TransportEstimator> Estimators => new(Enum.GetValues<TransportEstimator>());

    private static readonly TransportEstimator[] Directions =
        [TransportEstimator.PcaDirection, TransportEstimator.ProbeMassMean, TransportEstimator.ProbeLogistic, TransportEstimator.DirectionAblation];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Apply_StrengthZero_ChangesNoBit(TransportEstimator estimator)
    {
        foreach (var (map, _) in Fits(estimator))
        {
            for (var i = 0; i < States.Count; i++)
            {
                Assert.Equal(States.Row(i).ToArray(), map.Applied(States.Row(i), 0));
                Assert.Equal([-0f], new[] { map.Applied(new float[Width].Select(_ => -0f).ToArray(), 0)[0] });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fit_EqualSetsInAnyOrder_GivesTheExactIdentity(TransportEstimator estimator)
    {
        var weighted = Source.Weighted(Sample.RandomWeights(Source.Count, seed: 4));
        foreach (var options in FitCases.Options(estimator))
        {
            Assert.True(SiteMap.Fit(Source, Source.Shuffled(seed: 5), options).IsIdentity, $"{options}");
            if (options.Mode == FitMode.Safe)
            {
                Assert.True(SiteMap.Fit(weighted, weighted.Shuffled(seed: 5), options).IsIdentity, $"weighted {options}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fit_SamplesInAnyOrder_GivesTheSameMap(TransportEstimator estimator)
    {
        foreach (var (map, options) in Fits(estimator))
        {
            var shuffled = SiteMap.Fit(Source.Shuffled(seed: 5), SameCount(options).Shuffled(seed: 6), options);
            AssertSame(map, shuffled, estimator);
        }

        var weighted = Source.Weighted(Sample.RandomWeights(Source.Count, seed: 4));
        var safe = new FitOptions { Estimator = estimator };
        AssertSame(SiteMap.Fit(weighted, Target, safe), SiteMap.Fit(weighted.Shuffled(seed: 7), Target, safe), estimator);
    }

    [Fact]
    public void Fit_PairsInAnyOrder_GiveTheSameMap()
    {
        var target = Target.Subset(Enumerable.Range(0, Source.Count).ToArray());
        var options = new FitOptions { Estimator = TransportEstimator.PcaDirection, Paired = true };
        AssertSame(SiteMap.Fit(Source, target, options), SiteMap.Fit(Source.Shuffled(seed: 5), target.Shuffled(seed: 5), options), options.Estimator);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fit_BothSetsShifted_ShiftsTheMap(TransportEstimator estimator)
    {
        // T'(x + c) = T(x) + c; AurA damps towards zero and an ablation through it, so there only the numbers stay.
        const float By = 4;
        foreach (var (map, options) in Fits(estimator))
        {
            var shifted = SiteMap.Fit(Source.Select(value => value + By), SameCount(options).Select(value => value + By), options);
            if (estimator is TransportEstimator.AurA or TransportEstimator.DirectionAblation)
            {
                var expected = map is TransportMap affine ? affine.Slope.ToArray() : FitCases.Values(map);
                Approx.Equal(expected, shifted is TransportMap other ? other.Slope.ToArray() : FitCases.Values(shifted), Tolerance);
                continue;
            }

            for (var i = 0; i < States.Count; i++)
            {
                var moved = shifted.Applied(States.Row(i).ToArray().Select(value => value + By).ToArray());
                Approx.Equal(map.Applied(States.Row(i)).Select(value => value + By).ToArray(), moved, Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Fit_BothSetsScaled_ScalesTheMap(TransportEstimator estimator)
    {
        // T'(c·x) = c·T(x).
        const float Factor = 3;
        foreach (var (map, options) in Fits(estimator))
        {
            var scaled = SiteMap.Fit(Source.Select(value => value * Factor), SameCount(options).Select(value => value * Factor), options);
            for (var i = 0; i < States.Count; i++)
            {
                var moved = scaled.Applied(States.Row(i).ToArray().Select(value => value * Factor).ToArray());
                Approx.Equal(map.Applied(States.Row(i)).Select(value => value * Factor).ToArray(), moved, Tolerance);
            }
        }
    }

    [Theory]
    [InlineData(TransportEstimator.Linear)]
    [InlineData(TransportEstimator.Gaussian)]
    [InlineData(TransportEstimator.Mean)]
    [InlineData(TransportEstimator.AurA)]
    public void Fit_NeuronByNeuron_IsMonotone(TransportEstimator estimator)
    {
        // Against the order of the samples, with weights, and where the target stands on its head.
        var weighted = Source.Weighted(Sample.RandomWeights(Source.Count, seed: 4));
        foreach (var target in new[] { Target, Target.Select(value => -value), Source.Select(value => -value) })
        {
            foreach (var source in new[] { Source, weighted })
            {
                var map = TransportMap.Fit(source, target, new FitOptions { Estimator = estimator });
                Assert.All(map.Slope.ToArray(), slope => Assert.True(slope >= 0));
            }
        }
    }

    [Theory]
    [InlineData(TransportEstimator.Linear)]
    [InlineData(TransportEstimator.Gaussian)]
    [InlineData(TransportEstimator.Mean)]
    public void Fit_Transports_CarryTheWeightedMeanOntoTheOther(TransportEstimator estimator)
    {
        var weights = Sample.RandomWeights(Source.Count, seed: 4);
        var map = TransportMap.Fit(Source.Weighted(weights), Target, new FitOptions { Estimator = estimator });
        for (var neuron = 0; neuron < Width; neuron++)
        {
            var sourceMean = Source.Column(neuron).Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum();
            Approx.Equal(Target.Column(neuron).Average(value => (double)value), (map.Slope[neuron] * sourceMean) + map.Intercept[neuron], 1e-6);
        }
    }

    private static IEnumerable<(SiteMap Map, FitOptions Options)> Fits(TransportEstimator estimator) =>
        FitCases.Options(estimator).Select(options => (SiteMap.Fit(Source, SameCount(options), options), options));

    /// <summary>The target, or as much of it as the reference's Linear takes.</summary>
    private static ActivationSamples SameCount(FitOptions options) =>
        options.Mode == FitMode.Reference ? Target.Subset(Enumerable.Range(0, Source.Count).ToArray()) : Target;

    /// <summary>To the last bit for neurons by themselves; sums over whole rows follow the order of the rows.</summary>
    private static void AssertSame(SiteMap expected, SiteMap actual, TransportEstimator estimator)
    {
        if (Directions.Contains(estimator))
        {
            Approx.Equal(FitCases.Values(expected), FitCases.Values(actual), Tolerance);
        }
        else
        {
            Assert.Equal(FitCases.Bits(expected), FitCases.Bits(actual));
        }
    }
}
