namespace SemanticKernel.Steering.Tests;

public sealed class SiteTests
{
    [Theory]
    [InlineData(0, HookPoint.AttentionNorm, "blk.0.attention_norm")]
    [InlineData(12, HookPoint.FeedForwardPostNorm, "blk.12.feed_forward_post_norm")]
    [InlineData(3, HookPoint.BlockOutput, "blk.3.block_output")]
    public void ToString_AnySite_IsReadBack(int layer, HookPoint hook, string name)
    {
        var site = new Site(layer, hook);
        Assert.Equal(name, site.ToString());
        Assert.True(Site.TryParse(name, out var parsed));
        Assert.Equal(site, parsed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("blk.")]
    [InlineData("blk.1")]
    [InlineData("blk.1.")]
    [InlineData("blk..block_output")]
    [InlineData("blk.01.block_output")]
    [InlineData("blk.-1.block_output")]
    [InlineData("blk.+1.block_output")]
    [InlineData("blk. 1.block_output")]
    [InlineData("blk.1.block_output ")]
    [InlineData("blk.1.BlockOutput")]
    [InlineData("blk.1.6")]
    [InlineData("BLK.1.block_output")]
    [InlineData("blk.99999999999.block_output")]
    [InlineData("direction.1")]
    public void TryParse_AnythingElse_Refuses(string? text) => Assert.False(Site.TryParse(text, out _));

    [Fact]
    public void CompareTo_MixedSites_SortsInGraphOrder()
    {
        Site[] sorted = [new(0, HookPoint.AttentionNorm), new(0, HookPoint.BlockOutput), new(1, HookPoint.AttentionOutput), new(1, HookPoint.FeedForwardNorm)];
        Assert.Equal(sorted, sorted.Reverse().Order());
        Assert.True(sorted[0] < sorted[1] && sorted[3] > sorted[2] && sorted[0] <= sorted[0] && sorted[1] >= sorted[0]);
    }

    [Fact]
    public void Ctor_WrongValues_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Site(-1, HookPoint.BlockOutput));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Site(0, (HookPoint)7));
    }

    [Fact]
    public void ToName_EveryHookPoint_IsReadBack()
    {
        foreach (var hook in Enum.GetValues<HookPoint>())
        {
            Assert.True(HookPointNames.TryParse(hook.ToName(), out var parsed));
            Assert.Equal(hook, parsed);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => ((HookPoint)99).ToName());
    }
}
