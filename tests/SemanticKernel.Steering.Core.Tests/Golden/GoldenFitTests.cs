using System.Globalization;
using System.Text.Json;

namespace SemanticKernel.Steering.Tests;

public sealed class GoldenFitTests
{
    public static TheoryData<string> CaseNames => GoldenFile.CaseNames;

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Fit_LinearReference_GivesTheReferenceParameters(string name)
    {
        var entry = GoldenFile.Case(name);
        var expected = entry.GetProperty("linear_ot");
        switch (expected.GetProperty("status").GetString())
        {
            case "error":
                Assert.Throws<SteeringFitException>(() => Fit(entry, TransportEstimator.Linear, SupportRange.Unbounded));
                break;
            case "nondeterministic":
                // The reference's result is noise; the recommended policy is to leave the neuron alone.
                Assert.True(Fit(entry, TransportEstimator.Linear, SupportRange.Unbounded).IsIdentity);
                break;
            default:
                AssertParameters(expected, Fit(entry, TransportEstimator.Linear, SupportRange.Unbounded), entry.Tolerance());
                break;
        }
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Fit_GaussianAndMeanReference_GiveTheReferenceParameters(string name)
    {
        var entry = GoldenFile.Case(name);
        AssertParameters(entry.GetProperty("gaussian_ot"), Fit(entry, TransportEstimator.Gaussian, SupportRange.Unbounded), 1e-5);
        AssertParameters(entry.GetProperty("mean_ot"), Fit(entry, TransportEstimator.Mean, SupportRange.Unbounded), 1e-5);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void LaneMoments_AnyCase_GiveTheReferenceMoments(string name)
    {
        var entry = GoldenFile.Case(name);
        var expected = entry.GetProperty("gaussian_ot");
        var tiles = Tiles(entry);
        AssertMoments(expected, "mu1", "std1", tiles.Source.Moments);
        AssertMoments(expected, "mu2", "std2", tiles.Target.Moments);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void MonotoneCoupling_AnyCounts_GivesTheExtensionsParameters(string name)
    {
        var entry = GoldenFile.Case(name);
        var expected = entry.GetProperty("extension_linear_unequal_counts");
        var tiles = Tiles(entry);
        var slopes = new double[SampleTile.Lanes];
        tiles.Coupling.Slopes(slopes);
        if (expected.GetProperty("status").GetString() == "degenerate")
        {
            Assert.Equal(double.NaN, slopes[0]);
            return;
        }

        var fitted = AffineMap.Through(slopes[0], tiles.Source.Moments.Mean[0], tiles.Target.Moments.Mean[0]);
        Approx.Relative(expected.Number("omega"), fitted.Slope, 1e-6, "omega");
        Approx.Relative(expected.Number("beta"), fitted.Intercept, 1e-6, "beta");
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Fit_AnySupport_StoresBoundsOneFloatInsideTheReferences(string name)
    {
        var entry = GoldenFile.Case(name);
        foreach (var support in entry.GetProperty("support").EnumerateObject().Where(support => support.Name != "q_all"))
        {
            var bounds = support.Value.Doubles();
            var map = Fit(entry, TransportEstimator.Mean, Range(support.Name));
            var low = (float)bounds[0];
            var high = (float)bounds[1];
            var empty = float.BitIncrement(low) > float.BitDecrement(high);
            Assert.Equal(empty ? low : float.BitIncrement(low), map.SupportLow[0]);
            Assert.Equal(empty ? high : float.BitDecrement(high), map.SupportHigh[0]);
        }
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Apply_ReferenceMap_GivesTheReferenceOutputs(string name)
    {
        var entry = GoldenFile.Case(name);
        AssertTransported(entry, "linear_ot", TransportEstimator.Linear, FitMode.Reference);
        AssertTransported(entry, "gaussian_ot", TransportEstimator.Gaussian, FitMode.Reference);
        AssertTransported(entry, "mean_ot", TransportEstimator.Mean, FitMode.Reference);
        AssertStrengths(entry, "aura", entry.GetProperty("transported").GetProperty("aura"), Fit(entry, TransportEstimator.AurA, SupportRange.Unbounded));
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Auroc_EitherDirection_GivesTheReferenceValueAndItsComplement(string name)
    {
        var entry = GoldenFile.Case(name);
        var expected = entry.GetProperty("aura").Number("auroc");
        Approx.Equal(expected, Auroc.Of(Sorted(entry, "source"), Sorted(entry, "target")), 1e-12);
        Approx.Equal(1 - expected, Auroc.Of(Sorted(entry, "target"), Sorted(entry, "source")), 1e-12);
    }

    [Theory]
    [MemberData(nameof(CaseNames))]
    public void Fit_AuraReference_GivesTheReferenceAlpha(string name)
    {
        var entry = GoldenFile.Case(name);
        var map = Fit(entry, TransportEstimator.AurA, SupportRange.Unbounded);
        Approx.Equal(entry.GetProperty("aura").Number("alpha"), map.Slope[0], 1e-6);
        Assert.Equal(0, map.Intercept[0]);
    }

    private static void AssertTransported(JsonElement entry, string name, TransportEstimator estimator, FitMode mode)
    {
        var transported = entry.GetProperty("transported").GetProperty(name);
        if (transported.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        foreach (var support in transported.EnumerateObject())
        {
            AssertStrengths(entry, $"{name} {support.Name}", support.Value, Fit(entry, estimator, Range(support.Name), mode));
        }
    }

    private static void AssertStrengths(JsonElement entry, string name, JsonElement byStrength, TransportMap map)
    {
        var probes = entry.GetProperty("probes").Floats();
        foreach (var strength in byStrength.EnumerateObject())
        {
            var expected = strength.Value.Doubles();
            for (var i = 0; i < probes.Length; i++)
            {
                var actual = map.ApplyOne(probes[i], float.Parse(strength.Name, CultureInfo.InvariantCulture));
                Approx.Equal(expected[i], actual, entry.Tolerance(), $"{name} strength {strength.Name} at {probes[i]}");
            }
        }
    }

    private static TransportMap Fit(JsonElement entry, TransportEstimator estimator, SupportRange support, FitMode mode = FitMode.Reference) =>
        Sample.Fit(
            entry.GetProperty("source").Floats(),
            entry.GetProperty("target").Floats(),
            new FitOptions { Estimator = estimator, Mode = mode, Support = support });

    private static void AssertParameters(JsonElement expected, TransportMap map, double tolerance)
    {
        Approx.Relative(expected.Number("omega"), map.Slope[0], tolerance, "omega");
        Approx.Relative(expected.Number("beta"), map.Intercept[0], tolerance, "beta");
    }

    private static void AssertMoments(JsonElement expected, string mean, string deviation, LaneMoments moments)
    {
        Approx.Equal(expected.Number(mean), moments.Mean[0], 1e-10, mean);
        if (expected.GetProperty(deviation).ValueKind == JsonValueKind.Null)
        {
            Assert.Equal(double.NaN, moments.Deviation[0]);
        }
        else
        {
            Approx.Equal(expected.Number(deviation), moments.Deviation[0], 1e-10, deviation);
        }
    }

    private static double[] Sorted(JsonElement entry, string side) => entry.GetProperty(side).Doubles().Order().ToArray();

    private static TilePair Tiles(JsonElement entry)
    {
        var tiles = new TilePair(Sample.OneNeuron(entry.GetProperty("source").Floats()), Sample.OneNeuron(entry.GetProperty("target").Floats()));
        tiles.Load(0, 1);
        return tiles;
    }

    private static SupportRange Range(string key)
    {
        if (key == "q_all")
        {
            return SupportRange.Unbounded;
        }

        var parts = key.Split('_');
        return SupportRange.Quantiles(double.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
