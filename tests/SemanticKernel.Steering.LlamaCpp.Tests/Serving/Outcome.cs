using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

/// <summary>What came of a request.</summary>
/// <param name="Tokens">The tokens chosen.</param>
/// <param name="Logits">What each was chosen from, and what a token that ended the answer was chosen from.</param>
/// <param name="Reason">Why the answer ended.</param>
/// <param name="Error">What ended it, if anything did.</param>
internal sealed record Outcome(int[] Tokens, IReadOnlyList<float[]> Logits, EndReason Reason, Exception? Error)
{
    /// <summary>
    /// Asserts that two greedy runs differ only as kernels for other batch shapes make them differ: logits within the tolerance,
    /// and tokens up to the first one whose two best logits are closer than that.
    /// </summary>
    /// <returns>How many tokens could be compared.</returns>
    internal int AssertClose(Outcome other, float tolerance)
    {
        var count = Math.Min(Logits.Count, other.Logits.Count);
        for (var i = 0; i < count; i++)
        {
            var difference = Logits[i].Zip(other.Logits[i], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference <= tolerance, $"The logits of token {i} differ by {difference}.");
            if (i < Math.Min(Tokens.Length, other.Tokens.Length) && Tokens[i] != other.Tokens[i])
            {
                var best = Logits[i].OrderDescending().Take(2).ToArray();
                Assert.True(best[0] - best[1] <= 2 * tolerance, $"Token {i} differs, but its two best logits are {best[0] - best[1]} apart.");
                return i;
            }
        }

        Assert.Equal(Tokens.Length, other.Tokens.Length);
        return count;
    }
}
