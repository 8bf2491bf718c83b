namespace SemanticKernel.Steering.Tests;

public sealed class HeldOutSplitTests
{
    [Theory]
    [InlineData(10, 0.2, 2)]
    [InlineData(100, 0.29, 29)]
    [InlineData(7, 0.5, 3)]
    [InlineData(3, 0.5, 1)]
    [InlineData(2, 0.01, 1)]
    public void Of_AShare_HoldsOutThatManyOfEachSide(int count, double share, int expected)
    {
        var (source, target) = HeldOutSplit.Of(count, 50, new FitOptions { HeldOutShare = share });
        Assert.Equal(expected, source.HeldOut.Length);
        Assert.Equal(Enumerable.Range(0, count), source.Fit.Concat(source.HeldOut).Order());
        Assert.Equal(source.Fit.Order(), source.Fit);
        Assert.Equal(source.HeldOut.Order(), source.HeldOut);
        Assert.Equal(50, target.Fit.Length + target.HeldOut.Length);
    }

    [Fact]
    public void Of_NoShare_FitsOnEverything()
    {
        var (source, target) = HeldOutSplit.Of(1, 3, new FitOptions());
        Assert.Equal([0], source.Fit);
        Assert.Equal([0, 1, 2], target.Fit);
        Assert.Empty(source.HeldOut);
        Assert.Empty(target.HeldOut);
    }

    [Fact]
    public void Of_EqualCounts_KeepsPairsTogether()
    {
        var (source, target) = HeldOutSplit.Of(40, 40, new FitOptions { HeldOutShare = 0.25, Paired = true });
        Assert.Equal(source.HeldOut, target.HeldOut);
        Assert.Throws<SteeringFitException>(() => HeldOutSplit.Of(40, 41, new FitOptions { HeldOutShare = 0.25, Paired = true }));
    }

    [Fact]
    public void Of_SameSeed_GivesTheSameSplit()
    {
        var options = new FitOptions { HeldOutShare = 0.25 };
        Assert.Equal(HeldOutSplit.Of(40, 30, options).Source.HeldOut, HeldOutSplit.Of(40, 99, options).Source.HeldOut);
        Assert.NotEqual(HeldOutSplit.Of(40, 30, options).Source.HeldOut, HeldOutSplit.Of(40, 30, options, seed: 1).Source.HeldOut);
        Assert.NotEqual(Enumerable.Range(0, 10), HeldOutSplit.Of(40, 30, options).Source.HeldOut);
    }

    [Fact]
    public void Of_OneSample_Refuses() =>
        Assert.Throws<SteeringFitException>(() => HeldOutSplit.Of(1, 30, new FitOptions { HeldOutShare = 0.25 }));
}
