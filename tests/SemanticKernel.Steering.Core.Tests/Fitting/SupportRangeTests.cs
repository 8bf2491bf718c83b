namespace SemanticKernel.Steering.Tests;

public sealed class SupportRangeTests
{
    [Theory]
    [InlineData(-0.1, 50)]
    [InlineData(50, 50)]
    [InlineData(60, 50)]
    [InlineData(0, 100.1)]
    [InlineData(double.NaN, 50)]
    [InlineData(0, double.NaN)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void Create_WrongPercentages_Throws(double low, double high)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SupportRange.Quantiles(low, high));
        Assert.Throws<ArgumentOutOfRangeException>(() => SupportRange.TokenQuantiles(low, high));
    }

    [Fact]
    public void Equals_SameRange_IsEqual()
    {
        Assert.Equal(SupportRange.Unbounded, default);
        Assert.Equal(SupportRange.Quantiles(0, 100), SupportRange.Quantiles(0, 100));
        Assert.NotEqual(SupportRange.Quantiles(0, 100), SupportRange.TokenQuantiles(0, 100));
    }
}
