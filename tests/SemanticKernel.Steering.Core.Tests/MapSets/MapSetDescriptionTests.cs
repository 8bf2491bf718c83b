namespace SemanticKernel.Steering.Tests;

public sealed class MapSetDescriptionTests
{
    private static readonly Site Other = new(2, HookPoint.BlockOutput);
    private static readonly Site Last = new(3, HookPoint.BlockOutput);

    [Fact]
    public void Describe_HandComputedMap_GivesItsFigures()
    {
        // The intercepts' root mean square is √((9 + 16 + 0 + 0.0009) / 4) = 2.50004, of which 1 % is 0.025.
        var map = new TransportMap([0.5f, 1, 1.01f, 1], [-3, 4, 0, 0.03f], [-1, -1, -1, -1], [1, 1, 1, 1]);
        var set = new MapSet(Maps.Metadata("tone", 4) with { Estimator = TransportEstimator.Linear }, [KeyValuePair.Create(Maps.Site, map)]);
        var description = set.Describe();
        Assert.Equal("tone", description.Concept);
        Assert.Equal(TransportEstimator.Linear, description.Estimator);
        Assert.Equal(set.Metadata.Model, description.Model);
        var site = Assert.Single(description.Sites);
        Assert.Equal((Maps.Site, "affine", 4, true, false), (site.Site, site.Operation, site.Width, site.IsBounded, site.IsIdentity));
        Approx.Equal(7.03 / 4, site.MeanAbsoluteIntercept!.Value, 1e-6);
        Assert.Equal(0.25, site.NearIdentityShare);
        Assert.Equal((0.5, 1.0), (site.Slopes!.Minimum, site.Slopes.Median));
        Approx.Equal(1.01, site.Slopes.Maximum, 1e-6);
        Approx.Equal(0.5 + (0.5 * 0.15), site.Slopes.Percent5, 1e-6);
        Approx.Equal(1 + (0.01 * 0.85), site.Slopes.Percent95, 1e-6);
        Assert.Equal(site.MeanAbsoluteIntercept, description.MeanAbsoluteIntercept);
        Assert.Equal(site.Slopes, description.Slopes);
        Assert.Equal(site.NearIdentityShare, description.NearIdentityShare);
    }

    [Fact]
    public void Describe_SeveralKinds_CountsWhatHasTheFigure()
    {
        var set = new MapSet(Maps.Metadata("tone", 2), new Dictionary<Site, SiteMap>
        {
            [Maps.Site] = new TransportMap([1, 3], [0, 0]),
            [Other] = new NormPreservingShift([2, -4]),
            [Last] = new DirectionAblation([0.6f, 0.8f]),
        });
        var description = set.Describe();
        Assert.Equal([Maps.Site, Other, Last], description.Sites.Select(site => site.Site));
        Assert.Equal(["affine", "norm_preserving_shift", "direction_ablation"], description.Sites.Select(site => site.Operation));
        Assert.Equal([0, 3, null], description.Sites.Select(site => site.MeanAbsoluteIntercept));
        Assert.Equal(1.5, description.MeanAbsoluteIntercept);
        Assert.Equal([0.5, null, null], description.Sites.Select(site => site.NearIdentityShare));
        Assert.Equal(0.5, description.NearIdentityShare);
        Assert.Equal((1.0, 2.0, 3.0), (description.Slopes!.Minimum, description.Slopes.Median, description.Slopes.Maximum));
        Assert.Null(description.Estimator);
    }

    [Fact]
    public void Describe_AblationsOnly_LeavesFiguresOpen()
    {
        var description = DirectionAblationTests.Set("tone", new DirectionAblation([0.6f, 0.8f])).Describe();
        Assert.Null(description.MeanAbsoluteIntercept);
        Assert.Null(description.Slopes);
        Assert.Null(description.NearIdentityShare);
    }

    [Fact]
    public void Describe_PureSlopes_LooksAtThemAlone() => Assert.Equal(0.5, Maps.Of("tone", [1.005f, 0.5f], [0, 0]).Describe().NearIdentityShare);
}
