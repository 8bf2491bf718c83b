using System.Globalization;
using System.Text.Json;

namespace SemanticKernel.Steering.Tests;

public sealed class GoldenBlockTests
{
    [Theory]
    [InlineData(Pooling.Mean, "mean")]
    [InlineData(Pooling.Max, "max")]
    [InlineData(Pooling.Min, "min")]
    [InlineData(Pooling.Last, "last")]
    public void RowPooler_MaskedSentence_GivesTheReferenceRow(Pooling pooling, string name)
    {
        var block = GoldenFile.Root.GetProperty("pooling");
        var tokens = block.GetProperty("tokens").EnumerateArray().ToArray();
        var mask = block.GetProperty("attention_mask").Doubles();
        var pooler = new RowPooler(3, pooling);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (mask[i] != 0)
            {
                pooler.Add(tokens[i].Floats());
            }
        }

        var pooled = new float[3];
        pooler.Finish(pooled);
        Assert.Equal(block.GetProperty(name).Floats(), pooled);
    }

    [Theory]
    [InlineData("q_all")]
    [InlineData("q_0_100")]
    public void Fit_UnequalCounts_MatchesTheExtensionsOutputs(string support)
    {
        var entry = GoldenFile.Case("unequal_counts_5_3");
        var options = new FitOptions { Support = support == "q_all" ? SupportRange.Unbounded : SupportRange.Quantiles(0, 100) };
        var map = Sample.Fit(entry.GetProperty("source").Floats(), entry.GetProperty("target").Floats(), options);
        var probes = entry.GetProperty("probes").Floats();
        foreach (var strength in entry.GetProperty("transported").GetProperty("extension_linear_unequal_counts").GetProperty(support).EnumerateObject())
        {
            var expected = strength.Value.Doubles();

            // The reference leaves a value on a bound alone; safe mode moves it.
            foreach (var i in Enumerable.Range(0, probes.Length).Where(i => probes[i] != map.SupportLow[0] && probes[i] != map.SupportHigh[0]))
            {
                Approx.Equal(expected[i], map.ApplyOne(probes[i], Number(strength.Name)), what: $"probe {probes[i]} at {strength.Name}");
            }
        }
    }

    [Fact]
    public void Apply_FeatureMap_MovesItAsTheReferenceDoes()
    {
        var block = GoldenFile.Root.GetProperty("conv4d");
        var pixels = block.GetProperty("x").EnumerateArray().SelectMany(row => row.Floats()).ToArray();
        var mean = (float)block.Number("spatial_mean");
        foreach (var entry in block.GetProperty("out").EnumerateObject())
        {
            var key = entry.Name.Split('|');
            var (map, strength) = (FeatureMap(block, key[0], key[1]), Number(key[2]));

            // The gate looks at the mean. Linear adds to every pixel what the mean is moved by, the others move every pixel.
            var isWithin = mean >= map.SupportLow[0] && mean <= map.SupportHigh[0];
            var everywhere = new TransportMap(map.Slope, map.Intercept);
            var moved = pixels.Select(pixel => !isWithin ? pixel
                : key[0] == "linear_ot" ? pixel + (map.ApplyOne(mean, strength) - mean)
                : everywhere.ApplyOne(pixel, strength));
            Approx.Equal(entry.Value.EnumerateArray().SelectMany(row => row.Floats()).ToArray(), moved.ToArray());
        }
    }

    private static TransportMap FeatureMap(JsonElement block, string estimator, string support)
    {
        var gaussian = block.GetProperty("gaussian");
        var map = estimator switch
        {
            "linear_ot" => new AffineMap(block.GetProperty("linear").Number("omega"), block.GetProperty("linear").Number("beta")),
            "gaussian_ot" => AffineMap.Through(gaussian.Number("std2") / gaussian.Number("std1"), gaussian.Number("mu1"), gaussian.Number("mu2")),
            _ => AffineMap.Through(1, gaussian.Number("mu1"), gaussian.Number("mu2")),
        };
        if (support == "q_all")
        {
            return new TransportMap([(float)map.Slope], [(float)map.Intercept]);
        }

        var parts = support.Split('_');
        var bounds = SupportBounds.Open(Number(parts[1]), Number(parts[2]));
        return new TransportMap([(float)map.Slope], [(float)map.Intercept], [bounds.Low], [bounds.High]);
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    [Fact]
    public void Resolve_AffineThenMap_FusesAsTheReferenceDoes()
    {
        foreach (var entry in GoldenFile.Root.GetProperty("fuse_into_affine").GetProperty("cases").EnumerateArray())
        {
            var operation = Fuse(entry);
            float[] row = [0f, 1f];
            Assert.True(operation.Apply(row));
            Approx.Equal(entry.Number("fused_delta"), row[0]);
            Approx.Equal(entry.Number("fused_gamma"), row[1] - row[0]);
        }
    }

    private static SteeringOperation Fuse(JsonElement entry)
    {
        var first = Maps.Of("first", Repeat(entry, "gamma"), Repeat(entry, "delta"));
        var second = Maps.Of("second", Repeat(entry, "omega"), Repeat(entry, "beta"));
        var plan = Maps.Resolve([first, second], ("first", 1), ("second", entry.Number("strength")));
        Assert.True(plan.TryGetOperations(Maps.Site, out var operations));
        return Assert.Single(operations);
    }

    private static float[] Repeat(JsonElement entry, string name) => [(float)entry.Number(name), (float)entry.Number(name)];
}
