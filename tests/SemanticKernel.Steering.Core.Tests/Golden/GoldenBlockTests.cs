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

    [Fact]
    public void Fit_UnequalCounts_MatchesTheExtensionsOutputs()
    {
        var entry = GoldenFile.Case("unequal_counts_5_3");
        var map = Sample.Fit(entry.GetProperty("source").Floats(), entry.GetProperty("target").Floats());
        var expected = entry.GetProperty("transported").GetProperty("extension_linear_unequal_counts").GetProperty("q_all").GetProperty("1.0").Doubles();
        var probes = entry.GetProperty("probes").Floats();
        for (var i = 0; i < probes.Length; i++)
        {
            Approx.Equal(expected[i], map.ApplyOne(probes[i]), what: $"probe {probes[i]}");
        }
    }

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
