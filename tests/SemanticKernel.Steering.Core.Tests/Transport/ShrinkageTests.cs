namespace SemanticKernel.Steering.Tests;

public sealed class ShrinkageTests
{
    private const int Width = 600;

    public static TheoryData<TransportEstimator, int, int> Counts => new()
    {
        { TransportEstimator.Linear, 4, 4 },
        { TransportEstimator.Linear, 8, 8 },
        { TransportEstimator.Linear, 32, 32 },
        { TransportEstimator.Linear, 6, 200 },
        { TransportEstimator.Gaussian, 4, 4 },
        { TransportEstimator.Gaussian, 8, 8 },
        { TransportEstimator.Gaussian, 32, 32 },
        { TransportEstimator.Gaussian, 6, 200 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void Fit_EqualDeviations_BringsUnseenSamplesNearerToTheirPlace(TransportEstimator estimator, int sourceCount, int targetCount)
    {
        var (plain, shrunk) = Fit(estimator, sourceCount, targetCount, _ => 1);
        Assert.True(Error(shrunk, _ => 1) < 0.5 * Error(plain, _ => 1), $"{Error(plain, _ => 1)} → {Error(shrunk, _ => 1)}");
        var unseen = new SiteSamples(Normal(500, seed: 3, _ => 0, _ => 1), Normal(500, seed: 4, Mean, _ => 1));
        Assert.True(Distance(shrunk, unseen) < Distance(plain, unseen));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Fit_SomeDeviationsGrow_KeepsMostOfTheirGrowth(TransportEstimator estimator, int sourceCount, int targetCount)
    {
        // One neuron in twenty triples its deviation, in a crowd that does not.
        static double Slope(int neuron) => neuron % 20 == 0 ? 3 : 1;
        var (plain, shrunk) = Fit(estimator, sourceCount, targetCount, Slope);
        Assert.True(Error(shrunk, Slope) < Error(plain, Slope), $"{Error(plain, Slope)} → {Error(shrunk, Slope)}");
        var noise = Math.Sqrt((0.5 / (sourceCount - 1)) + (0.5 / (targetCount - 1)));
        for (var neuron = 0; neuron < Width; neuron += 20)
        {
            Assert.True(Math.Log(plain.Slope[neuron]) - Math.Log(shrunk.Slope[neuron]) <= noise + 1e-6);
        }
    }

    [Theory]
    [InlineData(TransportEstimator.Linear)]
    [InlineData(TransportEstimator.Gaussian)]
    public void Fit_AllDeviationsGrow_LeavesThemMostlyAlone(TransportEstimator estimator)
    {
        var (plain, shrunk) = Fit(estimator, 16, 16, _ => 3);
        for (var neuron = 0; neuron < Width; neuron++)
        {
            Assert.InRange(Math.Log(shrunk.Slope[neuron]), 0.9 * Math.Log(plain.Slope[neuron]), Math.Log(plain.Slope[neuron]));
        }
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Fit_AnySamples_StillCarriesMeanOntoMean(TransportEstimator estimator, int sourceCount, int targetCount)
    {
        var source = Sample.Random(sourceCount, 40, seed: 1, shift: 3);
        var target = Sample.Random(targetCount, 40, seed: 2, scale: 2);
        var map = TransportMap.Fit(source, target, Few(estimator));
        var plain = TransportMap.Fit(source, target, new FitOptions { Estimator = estimator });
        for (var neuron = 0; neuron < 40; neuron++)
        {
            Approx.Equal(Average(target, neuron), (map.Slope[neuron] * Average(source, neuron)) + map.Intercept[neuron], 1e-6);
            Assert.InRange(map.Slope[neuron], Math.Min(1, plain.Slope[neuron]), Math.Max(1, plain.Slope[neuron]));
        }
    }

    [Fact]
    public void Apply_HandComputedSlopes_ShrinksByTheDocumentedRule()
    {
        // 9 + 9 samples: σ² = 1/16 + 1/16. Logarithms 1, −1/2, 1/4, 1/4: squares 1.375, so the noise share is 2·0.125 / 1.375 = 2/11.
        AffineMap[] maps = [Map(1), Map(-0.5), Map(0.25), Map(0.25), AffineMap.Identity, new(0, 7)];
        SlopeShrinkage.Apply(maps, [2, 2, 2, 2, 2, 2], 9, 9);
        Approx.Equal(9.0 / 11, Math.Log(maps[0].Slope), 1e-6);
        Approx.Equal(-4.5 / 11, Math.Log(maps[1].Slope), 1e-6);
        Assert.Equal((AffineMap.Identity, new AffineMap(0, 7)), (maps[4], maps[5]));

        // 1 maps 2 onto e·2 + 5, and still does.
        Approx.Equal((2 * Math.E) + 5, (2 * maps[0].Slope) + maps[0].Intercept, 1e-6);

        // All noise: 3 + 3 samples, σ² = ½. No logarithm moves by more than σ.
        AffineMap[] noisy = [Map(0.9), Map(-0.2), Map(0.1), Map(-0.1)];
        SlopeShrinkage.Apply(noisy, [0, 0, 0, 0], 3, 3);
        Approx.Equal(0.9 - Math.Sqrt(0.5), Math.Log(noisy[0].Slope), 1e-6);
        Assert.Equal([1, 1, 1], noisy[1..].Select(map => map.Slope));

        static AffineMap Map(double log) => new(Math.Exp(log), 5);
    }

    [Fact]
    public void Fit_ManySamples_ChangesNothing()
    {
        var (plain, shrunk) = Fit(TransportEstimator.Linear, 33, 33, _ => 1);
        Assert.Equal(FitCases.Bits(plain), FitCases.Bits(shrunk));

        // What counts is how much the samples tell: 40 of which one half hardly counts are few.
        var weights = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1 : 1e-3).ToArray();
        var source = Sample.Random(40, 50, seed: 1).Weighted(weights);
        var target = Sample.Random(40, 50, seed: 2);
        Assert.NotEqual(FitCases.Bits(TransportMap.Fit(source, target, new FitOptions())), FitCases.Bits(TransportMap.Fit(source, target, Few(TransportEstimator.Linear))));
        Assert.Equal(
            FitCases.Bits(TransportMap.Fit(target, target.Select(value => value * 2), new FitOptions())),
            FitCases.Bits(TransportMap.Fit(target, target.Select(value => value * 2), Few(TransportEstimator.Linear))));
    }

    [Fact]
    public void Fit_WithoutSlopesToShrink_Refuses()
    {
        var source = Sample.Random(5, 3, seed: 1);
        foreach (var estimator in Enum.GetValues<TransportEstimator>().Except([TransportEstimator.Linear, TransportEstimator.Gaussian]))
        {
            Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, source, Few(estimator)));
        }

        Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, source, Few(TransportEstimator.Linear) with { Mode = FitMode.Reference }));
        Assert.True(SiteMap.Fit(source, source, Few(TransportEstimator.Linear)).IsIdentity);
    }

    private static FitOptions Few(TransportEstimator estimator) => new() { Estimator = estimator, Shrinkage = Shrinkage.FewSamples };

    private static (TransportMap Plain, TransportMap Shrunk) Fit(TransportEstimator estimator, int sourceCount, int targetCount, Func<int, double> slope)
    {
        var source = Normal(sourceCount, seed: 1, _ => 0, _ => 1);
        var target = Normal(targetCount, seed: 2, Mean, slope);
        return (TransportMap.Fit(source, target, new FitOptions { Estimator = estimator }), TransportMap.Fit(source, target, Few(estimator)));
    }

    private static double Mean(int neuron) => neuron % 7 / 7.0;

    /// <summary>The mean square by which unseen source values, standard normal, miss the slope of their true map, in units of the target's deviation.</summary>
    private static double Error(TransportMap map, Func<int, double> slope) =>
        Enumerable.Range(0, Width).Average(neuron => Math.Pow((map.Slope[neuron] / slope(neuron)) - 1, 2));

    private static double Distance(TransportMap map, SiteSamples unseen) =>
        SiteTrust.Of(Maps.Site, map, unseen, unseen).DistanceAfter;

    private static double Average(ActivationSamples samples, int neuron) => samples.Column(neuron).Average(value => (double)value);

    private static ActivationSamples Normal(int count, int seed, Func<int, double> mean, Func<int, double> deviation)
    {
        var random = new Random(seed);
        var values = new float[count * Width];
        for (var i = 0; i < values.Length; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(mean(i % Width) + (deviation(i % Width) * normal));
        }

        return new ActivationSamples(count, Width, values);
    }
}
