namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

internal static class OutcomeAssertions
{
    /// <summary>Asserts that two greedy runs differ only as kernels for other batch shapes make them differ.</summary>
    /// <returns>How many tokens could be compared.</returns>
    internal static int AssertClose(this Outcome outcome, Outcome other, float tolerance)
    {
        var difference = outcome.CompareTo(other, tolerance);
        Assert.True(difference.Mistake is null, difference.Mistake);
        return difference.Compared;
    }
}
