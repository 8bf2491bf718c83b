using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>What came of a request.</summary>
/// <param name="Tokens">The tokens chosen.</param>
/// <param name="Logits">What each was chosen from, and what a token that ended the answer was chosen from.</param>
/// <param name="Reason">Why the answer ended.</param>
/// <param name="Error">What ended it, if anything did.</param>
internal sealed record Outcome(int[] Tokens, IReadOnlyList<float[]> Logits, EndReason Reason, Exception? Error)
{
    /// <summary>
    /// Largest difference between the logits of one request in batches of different shapes. Measured: 1e-2 with flash attention,
    /// which computes in half precision on the processor; 4e-3 without, with a cache in half precision.
    /// </summary>
    internal const float Tolerance = 3e-2f;

    /// <summary>
    /// Compares two greedy runs, which may differ as kernels for other batch shapes make them differ: logits within the
    /// tolerance, and tokens up to the first one whose two best logits are closer than that.
    /// </summary>
    internal OutcomeDifference CompareTo(Outcome other, float tolerance)
    {
        var largest = 0f;
        var count = Math.Min(Logits.Count, other.Logits.Count);
        for (var i = 0; i < count; i++)
        {
            var difference = LargestDifference(Logits[i], other.Logits[i]);
            largest = Math.Max(largest, difference);
            if (!(difference <= tolerance))
            {
                return new OutcomeDifference(i, largest, IsNearTie: false, $"The logits of token {i} differ by {difference}.");
            }

            if (i < Math.Min(Tokens.Length, other.Tokens.Length) && Tokens[i] != other.Tokens[i])
            {
                var best = Logits[i].OrderDescending().Take(2).ToArray();
                return new OutcomeDifference(i, largest, IsNearTie: true, best[0] - best[1] <= tolerance
                    ? null : $"Token {i} differs, but its two best logits are {best[0] - best[1]} apart.");
            }
        }

        return new OutcomeDifference(count, largest, IsNearTie: false, Tokens.Length == other.Tokens.Length
            ? null : $"One run has {Tokens.Length} tokens, the other {other.Tokens.Length}.");
    }

    /// <summary>Whether two runs are the same to the last bit.</summary>
    internal bool EqualsBitwise(Outcome other) =>
        Tokens.AsSpan().SequenceEqual(other.Tokens) && Logits.Count == other.Logits.Count && Logits.Zip(other.Logits).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private static float LargestDifference(float[] one, float[] other)
    {
        var largest = 0f;
        for (var i = 0; i < one.Length; i++)
        {
            // NaN is larger than anything here, and shows.
            largest = Math.Max(largest, Math.Abs(one[i] - other[i]));
        }

        return largest;
    }
}
