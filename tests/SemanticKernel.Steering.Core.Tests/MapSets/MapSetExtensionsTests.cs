namespace SemanticKernel.Steering.Tests;

public sealed class MapSetExtensionsTests
{
    private static readonly Site Other = new(2, HookPoint.BlockOutput);
    private static readonly MapSet First = Maps.Of("tone", [2, 3], [0, 1]);

    [Fact]
    public void MergeThenSubset_DisjointSites_GivesBothAndThenEachAgain()
    {
        var second = At(Other, "tone");
        var merged = First.Merge(second);
        Assert.Equal([Maps.Site, Other], merged.Operations.Keys);
        Assert.Equal(First.ContentHash, merged.Subset(SiteSelector.Of([Maps.Site])).ContentHash);
        Assert.Equal(second.ContentHash, merged.Subset(SiteSelector.Of([Other])).ContentHash);
    }

    [Fact]
    public void Merge_SharedSiteOrOtherOrigin_Throws()
    {
        Assert.Throws<ArgumentException>(() => First.Merge(First));
        Assert.Throws<ArgumentException>(() => First.Merge(At(Other, "mood")));
        var set = At(Other, "tone");
        Assert.Throws<ArgumentException>(() => First.Merge(new MapSet(set.Metadata with { Scope = SteeringScope.Generated }, set.Operations)));
        Assert.Throws<ArgumentException>(() => First.Merge(new MapSet(set.Metadata with { ChatTemplateSha256 = "aa" }, set.Operations)));
        Assert.Throws<ArgumentException>(() => First.Merge(new MapSet(set.Metadata with { Model = Maps.Model(2) with { WeightsHash = "other" } }, set.Operations)));
    }

    [Fact]
    public void Subset_MissingSite_Throws() => Assert.Throws<SteeringFitException>(() => First.Subset(SiteSelector.Of([Other])));

    private static MapSet At(Site site, string concept) =>
        new(Maps.Metadata(concept, 2), [KeyValuePair.Create<Site, SiteMap>(site, DirectionAblation.Along([3, 4]))]);
}
