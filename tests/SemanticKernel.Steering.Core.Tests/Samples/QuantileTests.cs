namespace SemanticKernel.Steering.Tests;

public sealed class QuantileTests
{
    private static readonly double[] Values = [1, 2, 4, 8];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 1.5)]
    [InlineData(30, 2)]
    [InlineData(40, 3)]
    [InlineData(50, 4)]
    [InlineData(75, 6)]
    [InlineData(100, 8)]
    public void OfSorted_HandComputedShares_InterpolatesBetweenTheirMiddles(double percent, double expected)
    {
        // The middles lie at 2/16, 5/16, 7/16 and 12/16: stretched to 0, 0.3, 0.5 and 1.
        Approx.Equal(expected, Quantile.OfSorted(Values, [0.25, 0.125, 0.125, 0.5], percent), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12.5)]
    [InlineData(50)]
    [InlineData(97)]
    [InlineData(100)]
    public void OfSorted_EqualShares_IsTypeSeven(double percent) =>
        Approx.Equal(Quantile.OfSorted(Values, percent), Quantile.OfSorted(Values, [0.25, 0.25, 0.25, 0.25], percent), 1e-12);

    [Fact]
    public void OfSorted_AnyShares_RisesFromTheSmallestToTheLargest()
    {
        double[] shares = [1e-300, 0.5, 0, 0.5];
        var last = double.NegativeInfinity;
        for (var percent = 0; percent <= 100; percent++)
        {
            var quantile = Quantile.OfSorted(Values, shares, percent);
            Assert.InRange(quantile, last, 8);
            last = quantile;
        }

        Assert.Equal(1, Quantile.OfSorted(Values, shares, 0));
        Assert.Equal(8, last);
        Assert.Equal(5, Quantile.OfSorted([5], [1], 50));
    }
}
