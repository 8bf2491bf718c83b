using SemanticKernel.Steering.Evaluation.Statistics;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class PairedDifferenceTests
{
    [Fact]
    public void Between_SameShiftEverywhere_HasNoWidth() =>
        Assert.Equal(new PairedDifference(5, 5, 5), PairedDifference.Between([1, 20, 3], [6, 25, 8]));

    [Fact]
    public void Between_SpreadDifferences_MatchesTheNormalInterval()
    {
        // 400 differences of 0 or 100 in equal parts: mean 50, standard error 2.5.
        var first = new double[400];
        var second = Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 0.0 : 100).ToArray();

        var difference = PairedDifference.Between(first, second);

        Assert.Equal(50, difference.Mean, 9);
        Assert.InRange(difference.Low, 44.5, 45.7);
        Assert.InRange(difference.High, 54.3, 55.5);
    }

    [Fact]
    public void Between_SameInputTwice_GivesTheSameInterval()
    {
        double[] first = [1, 5, 2, 8], second = [4, 4, 9, 0];

        Assert.Equal(PairedDifference.Between(first, second), PairedDifference.Between(first, second));
    }

    [Fact]
    public void Between_UnpairedOrEmpty_Throws()
    {
        Assert.Throws<ArgumentException>(() => PairedDifference.Between([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => PairedDifference.Between([], []));
    }
}
