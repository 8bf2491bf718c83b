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
    public void Merge_Metadata_KeepsWhatBothSayAlike()
    {
        var metadata = Maps.Metadata("tone", 2) with { Pooling = Pooling.Mean, Estimator = TransportEstimator.Mean, SourceCount = 8, DataSha256 = "aa", RecommendedStrength = 2 };
        var first = new MapSet(metadata, First.Operations);
        var second = new MapSet(
            metadata with { Estimator = TransportEstimator.DirectionAblation, SourceCount = 9, DataSha256 = "bb", RecommendedStrength = 1 }, At(Other, "tone").Operations);

        Assert.Equal(metadata with { Estimator = null, SourceCount = null, DataSha256 = null, RecommendedStrength = null }, first.Merge(second).Metadata);
    }

    [Fact]
    public void Merge_RenamedModel_GoesTogether()
    {
        var renamed = new MapSet(Maps.Metadata("tone", 2) with { Model = Maps.Model(2) with { Name = "other" } }, At(Other, "tone").Operations);

        Assert.Equal(Maps.Model(2), First.Merge(renamed).Metadata.Model);
    }

    [Fact]
    public void Merge_SharedSite_Throws() => Assert.Throws<ArgumentException>(() => First.Merge(First));

    [Fact]
    public void Merge_OtherOrigin_NamesWhatDiffers()
    {
        AssertRefused("concept, 'tone' and 'mood'", metadata => metadata with { Concept = "mood" });
        AssertRefused("scope, All and Generated", metadata => metadata with { Scope = SteeringScope.Generated });
        AssertRefused("chat template, none and aa", metadata => metadata with { ChatTemplateSha256 = "aa" });
        AssertRefused("weights of their model", metadata => metadata with { Model = Maps.Model(2) with { WeightsHash = "w2" } });
        AssertRefused("their model", metadata => metadata with { Model = Maps.Model(2) with { BaseHash = "b2" } });
        AssertRefused("their model", metadata => metadata with { Model = Maps.Model(2) with { Layers = 7 } });
    }

    [Fact]
    public void Subset_MissingSite_Throws() => Assert.Throws<SteeringFitException>(() => First.Subset(SiteSelector.Of([Other])));

    private static void AssertRefused(string difference, Func<MapSetMetadata, MapSetMetadata> change)
    {
        var set = At(Other, "tone");
        var error = Assert.Throws<ArgumentException>(() => First.Merge(new MapSet(change(set.Metadata), set.Operations)));
        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
    }

    private static MapSet At(Site site, string concept) =>
        new(Maps.Metadata(concept, 2), [KeyValuePair.Create<Site, SiteMap>(site, DirectionAblation.Along([3, 4]))]);
}
