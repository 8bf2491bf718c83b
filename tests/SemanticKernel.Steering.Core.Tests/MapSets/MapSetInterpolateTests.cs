namespace SemanticKernel.Steering.Tests;

public sealed class MapSetInterpolateTests
{
    private static readonly MapSet First = MapSetScaleTests.Set(seed: 1);
    private static readonly MapSet Second = MapSetScaleTests.Set(seed: 2);

    [Fact]
    public void Interpolate_AtTheEnds_GivesTheSetsThemselves()
    {
        Assert.Equal(First.ContentHash, First.Interpolate(Second, 0).ContentHash);
        Assert.Equal(Second.ContentHash, First.Interpolate(Second, 1).ContentHash);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.9)]
    public void Interpolate_WithItself_ChangesNothing(double t) => Assert.Equal(First.ContentHash, First.Interpolate(First, t).ContentHash);

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.25, -1.5)]
    [InlineData(0.8, 2)]
    public void Interpolate_UnboundedMaps_MoveByTheWeighedSumOfBothMoves(double t, float strength)
    {
        var site = First.Maps.First(pair => pair.Value.IsUnbounded).Key;
        var row = MapSetScaleTests.Row(seed: 3);
        var (first, second, between) = (row.ToArray(), row.ToArray(), row.ToArray());
        First.Operations[site].Apply(first, strength);
        Second.Operations[site].Apply(second, strength);
        First.Interpolate(Second, t).Operations[site].Apply(between, strength);
        MapSetScaleTests.AssertClose([.. first.Zip(second, (a, b) => (float)(((1 - t) * a) + (t * b)))], between);
    }

    [Fact]
    public void Interpolate_HandComputed_MovesEverythingInAStraightLine()
    {
        var first = Maps.Of("tone", new TransportMap([1, 2], [0, 4], [-2, -1], [2, 1]));
        var second = Maps.Of("tone", new TransportMap([3, 0], [8, 0], [-4, 0], [2, 3]));
        var map = first.Interpolate(second, 0.25).Maps[Maps.Site];
        Assert.Equal([1.5f, 1.5f], map.Slope.ToArray());
        Assert.Equal([2f, 3f], map.Intercept.ToArray());
        Assert.Equal([-2.5f, -0.75f], map.SupportLow.ToArray());
        Assert.Equal([2f, 1.5f], map.SupportHigh.ToArray());

        var shift = DirectionAblationTests.Set("tone", new NormPreservingShift([4, 0])).Interpolate(DirectionAblationTests.Set("tone", new NormPreservingShift([0, 8])), 0.75);
        Assert.Equal([1f, 6f], ((NormPreservingShift)shift.Operations[Maps.Site]).Shift.ToArray());
    }

    [Fact]
    public void Interpolate_SiteOfOneSet_IsTakenAsLeftAloneByTheOther()
    {
        var other = new Site(3, HookPoint.BlockOutput);
        var second = new MapSet(Maps.Metadata("tone", 2), [KeyValuePair.Create<Site, SiteMap>(other, new TransportMap([2, 2], [4, 4]))]);
        var between = Maps.Of("tone", [3, 3], [8, 8]).Interpolate(second, 0.25);
        Assert.Equal([Maps.Site, other], between.Maps.Keys);
        Assert.Equal([2.5f, 2.5f], between.Maps[Maps.Site].Slope.ToArray());
        Assert.Equal([6f, 6f], between.Maps[Maps.Site].Intercept.ToArray());
        Assert.Equal([1.25f, 1.25f], between.Maps[other].Slope.ToArray());
        Assert.Equal([1f, 1f], between.Maps[other].Intercept.ToArray());
    }

    [Fact]
    public void Interpolate_Metadata_KeepsWhatBothSayAlike()
    {
        var metadata = Maps.Metadata("tone", 37) with { Estimator = TransportEstimator.Mean, Pooling = Pooling.Mean, SourceCount = 8, Tool = "one" };
        var first = new MapSet(metadata, First.Operations);
        var second = new MapSet(metadata with { Estimator = TransportEstimator.Linear, SourceCount = 9 }, Second.Operations);
        Assert.Equal(metadata with { Estimator = null, SourceCount = null }, first.Interpolate(second, 0.5).Metadata);
    }

    [Fact]
    public void Interpolate_WhatHasNothingInBetween_IsRefused()
    {
        var ablation = DirectionAblationTests.Set("tone", new DirectionAblation([0.6f, 0.8f]));
        Assert.Equal(ablation.ContentHash, ablation.Interpolate(ablation, 0.5).ContentHash);
        AssertRefused(ablation, DirectionAblationTests.Set("tone", new DirectionAblation([0.8f, 0.6f])));
        AssertRefused(ablation, Maps.Of("tone", [2, 2], [0, 0]));
        AssertRefused(ablation, DirectionAblationTests.Set("tone", new NormPreservingShift([1, 2])));
        AssertRefused(Maps.Of("tone", [2, 2], [0, 0]), Maps.Of("tone", new TransportMap([2, 2], [0, 0], [-1, -1], [1, 1])));
        AssertRefused(ablation, new MapSet(Maps.Metadata("tone", 2), [KeyValuePair.Create<Site, SiteMap>(new Site(3, HookPoint.BlockOutput), new NormPreservingShift([1, 1]))]));
    }

    [Fact]
    public void Interpolate_OtherOriginOrOutsideOfTheWay_Throws()
    {
        Assert.Throws<ArgumentException>(() => First.Interpolate(Maps.Of("mood", [2], [0]), 0.5));
        Assert.Throws<ArgumentException>(() => First.Interpolate(new MapSet(First.Metadata with { Scope = SteeringScope.Generated }, First.Operations), 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => First.Interpolate(Second, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => First.Interpolate(Second, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => First.Interpolate(Second, double.NaN));
    }

    private static void AssertRefused(MapSet first, MapSet second) =>
        Assert.Contains("blk.1.block_output", Assert.Throws<ArgumentException>(() => first.Interpolate(second, 0.5)).Message, StringComparison.Ordinal);
}
