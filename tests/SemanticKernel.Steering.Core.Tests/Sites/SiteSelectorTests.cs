namespace SemanticKernel.Steering.Tests;

public sealed class SiteSelectorTests
{
    private static readonly Site[] Available =
    [
        .. Enumerable.Range(0, 4).Select(layer => new Site(layer, HookPoint.BlockOutput)),
        .. Enumerable.Range(0, 4).Select(layer => new Site(layer, HookPoint.AttentionOutput)),
    ];

    [Fact]
    public void Resolve_AllBlockOutputs_GivesThemInGraphOrder() =>
        Assert.Equal(Available[..4], SiteSelector.AllBlockOutputs.Resolve(Available.Reverse()));

    [Fact]
    public void Resolve_LayerRange_IncludesBothEnds() =>
        Assert.Equal(Available[5..7], SiteSelector.Of(HookPoint.AttentionOutput, 1, 2).Resolve(Available));

    [Fact]
    public void Resolve_ListedSites_SortsAndCountsOnce() =>
        Assert.Equal([Available[0], Available[3]], SiteSelector.Of([Available[3], Available[0], Available[3]]).Resolve(Available));

    [Fact]
    public void Resolve_MissingSite_NamesWhatThereIs()
    {
        var error = Assert.Throws<SteeringFitException>(() => SiteSelector.Of([new Site(9, HookPoint.BlockOutput)]).Resolve(Available));
        Assert.Contains("blk.9.block_output", error.Message, StringComparison.Ordinal);
        Assert.Contains("blk.3.attention_output", error.Message, StringComparison.Ordinal);
        Assert.Throws<SteeringFitException>(() => SiteSelector.Of(HookPoint.BlockOutput, lastLayer: 4).Resolve(Available));
        Assert.Throws<SteeringFitException>(() => SiteSelector.Of(HookPoint.FeedForwardNorm).Resolve(Available));
        Assert.Throws<SteeringFitException>(() => SiteSelector.AllBlockOutputs.Resolve([]));
    }

    [Fact]
    public void Of_WrongArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => SiteSelector.Of([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SiteSelector.Of(HookPoint.BlockOutput, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SiteSelector.Of(HookPoint.BlockOutput, -1));
    }
}
