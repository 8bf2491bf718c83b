namespace SemanticKernel.Steering.Tests;

public sealed class MapSetScaleTests
{
    private const int Width = 37;
    private static readonly Site Affine = new(0, HookPoint.AttentionNorm);
    private static readonly Site Bounded = new(1, HookPoint.BlockOutput);
    private static readonly Site Turning = new(2, HookPoint.BlockOutput);

    [Fact]
    public void Scale_By1_IsTheSameSet()
    {
        var set = Set(seed: 1);
        Assert.Equal(set.ContentHash, set.Scale(1).ContentHash);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(2, 0.75)]
    [InlineData(-1.5, 0.5)]
    [InlineData(0.3, -2)]
    [InlineData(10, 0.01)]
    public void Scale_ThenStrength_EqualsTheProductAsStrength(double factor, float strength)
    {
        var set = Set(seed: 2);
        var scaled = set.Scale(factor);
        foreach (var (site, map) in set.Operations)
        {
            var expected = Row(seed: 3);
            var actual = expected.ToArray();
            map.Apply(expected, (float)(factor * strength));
            scaled.Operations[site].Apply(actual, strength);
            AssertClose(expected, actual);
        }
    }

    [Fact]
    public void Scale_HandComputed_MovesSlopeAndInterceptAndKeepsBounds()
    {
        var map = Maps.Of("tone", new TransportMap([3, 0.5f], [4, -2], [-1, -2], [1, 2])).Scale(0.5).Maps[Maps.Site];
        Assert.Equal([2f, 0.75f], map.Slope.ToArray());
        Assert.Equal([2f, -1f], map.Intercept.ToArray());
        Assert.Equal([-1f, -2f], map.SupportLow.ToArray());
        Assert.Equal([1f, 2f], map.SupportHigh.ToArray());
    }

    [Fact]
    public void Scale_ThereAndBack_GivesTheSetAgain()
    {
        var set = Set(seed: 4);
        foreach (var (site, map) in set.Scale(4).Scale(0.25).Maps)
        {
            AssertClose(set.Maps[site].Slope.ToArray(), map.Slope.ToArray());
            Assert.Equal(set.Maps[site].Intercept.ToArray(), map.Intercept.ToArray());
        }
    }

    [Fact]
    public void Scale_By0_DoesNothing()
    {
        var nothing = Set(seed: 5).Scale(0);
        Assert.True(nothing.DoesNothing);
        Assert.Null(nothing.Metadata.RecommendedStrength);
    }

    [Fact]
    public void Scale_RecommendedStrength_KeepsTheEffect() =>
        Assert.Equal(1.5, new MapSet(Maps.Metadata("tone", Width) with { RecommendedStrength = 3 }, Set(seed: 6).Operations).Scale(2).Metadata.RecommendedStrength);

    [Fact]
    public void Scale_Ablation_IsRefusedUnlessNothingChanges()
    {
        var set = DirectionAblationTests.Set("tone", new DirectionAblation([0.6f, 0.8f]));
        Assert.Same(set, set.Scale(1));
        var error = Assert.Throws<ArgumentException>(() => set.Scale(2));
        Assert.Contains("blk.1.block_output", error.Message, StringComparison.Ordinal);
        Assert.Contains("strength", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scale_WhatOverflowsOrIsNoNumber_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Set(seed: 7).Scale(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Set(seed: 7).Scale(double.PositiveInfinity));
        Assert.Contains("finite", Assert.Throws<ArgumentException>(() => Set(seed: 7).Scale(1e300)).Message, StringComparison.Ordinal);
    }

    internal static MapSet Set(int seed)
    {
        float[] Values(int row, float by, float plus) => [.. Sample.Random(8, Width, seed).Row(row).ToArray().Select(value => (value * by) + plus)];
        return new MapSet(Maps.Metadata("tone", Width), new Dictionary<Site, SiteMap>
        {
            [Affine] = new TransportMap(Values(0, 1, 1), Values(1, 2, 0)),
            [Bounded] = new TransportMap(Values(2, 1, 1), Values(3, 2, 0), Values(4, 0.1f, -1), Values(5, 0.1f, 1)),
            [Turning] = new NormPreservingShift(Values(6, 1, 0)),
        });
    }

    internal static float[] Row(int seed) => Sample.Random(1, Width, seed).Row(0).ToArray();

    internal static void AssertClose(float[] expected, float[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Approx.Equal(expected[i], actual[i], 1e-5, $"Neuron {i}");
        }
    }
}
