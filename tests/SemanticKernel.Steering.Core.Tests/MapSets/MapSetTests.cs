namespace SemanticKernel.Steering.Tests;

public sealed class MapSetTests
{
    private static readonly MapSet Set = Maps.Of("tone", [2, 3], [0, 1]);

    [Fact]
    public void EnsureFits_SameModel_Passes() => Set.EnsureFits(Maps.Model(2) with { Name = "renamed" });

    [Fact]
    public void EnsureFits_OtherBase_AlwaysFails()
    {
        var other = Maps.Model(2) with { BaseHash = "base-2" };
        var error = Assert.Throws<MapSetMismatchException>(() => Set.EnsureFits(other, allowOtherQuantization: true));
        Assert.Contains("base-1", error.Message, StringComparison.Ordinal);
        Assert.Contains("base-2", error.Message, StringComparison.Ordinal);
        Assert.Throws<MapSetMismatchException>(() => Set.EnsureFits(Maps.Model(3), true));
        Assert.Throws<MapSetMismatchException>(() => Set.EnsureFits(Maps.Model(2) with { Layers = 5 }, true));
        Assert.Throws<MapSetMismatchException>(() => Set.EnsureFits(Maps.Model(2) with { Architecture = "gemma2" }, true));
    }

    [Fact]
    public void EnsureFits_OtherWeights_FailsUnlessAllowed()
    {
        var other = Maps.Model(2) with { WeightsHash = "weights-2" };
        var error = Assert.Throws<MapSetMismatchException>(() => Set.EnsureFits(other));
        Assert.Contains("weights-1", error.Message, StringComparison.Ordinal);
        Assert.Contains("weights-2", error.Message, StringComparison.Ordinal);
        Set.EnsureFits(other, allowOtherQuantization: true);
    }

    [Fact]
    public void EnsureTemplate_OtherTemplate_FailsUnlessAllowed()
    {
        Set.EnsureTemplate("aa");
        var set = new MapSet(Set.Metadata with { ChatTemplateSha256 = "aa" }, Set.Maps);
        set.EnsureTemplate("AA");
        Assert.Throws<MapSetMismatchException>(() => set.EnsureTemplate("bb"));
        Assert.Throws<MapSetMismatchException>(() => set.EnsureTemplate(null));
        set.EnsureTemplate("bb", allowOtherTemplate: true);
    }

    [Fact]
    public void DoesNothing_IdentityMaps_IsTrue()
    {
        var set = Maps.Of("tone", [1, 1], [0, 0]);
        Assert.True(set.DoesNothing);
        Assert.False(Set.DoesNothing);
        Assert.Contains("do nothing", Assert.Throws<MapSetFormatException>(() => Maps.Load(set.Bytes())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctor_BrokenRules_Throws()
    {
        var map = Set.Maps[Maps.Site];
        AssertRefused(Set.Metadata with { Concept = "Tone" }, (Maps.Site, map));
        AssertRefused(Set.Metadata with { RecommendedStrength = double.NaN }, (Maps.Site, map));
        AssertRefused(Set.Metadata with { SourceCount = -1 }, (Maps.Site, map));
        AssertRefused(Set.Metadata with { Model = Maps.Model(3) }, (Maps.Site, map));
        AssertRefused(Set.Metadata with { Model = Maps.Model(2) with { BaseHash = "" } }, (Maps.Site, map));
        AssertRefused(Set.Metadata, (new Site(4, HookPoint.BlockOutput), map));
        AssertRefused(Set.Metadata, (Maps.Site, map), (Maps.Site, map));
        AssertRefused(Set.Metadata);
    }

    private static void AssertRefused(MapSetMetadata metadata, params (Site Site, TransportMap Map)[] maps) =>
        Assert.Throws<ArgumentException>(() => new MapSet(metadata, maps.Select(pair => KeyValuePair.Create(pair.Site, pair.Map))));
}
