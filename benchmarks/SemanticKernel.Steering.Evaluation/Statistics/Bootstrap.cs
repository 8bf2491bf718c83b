namespace SemanticKernel.Steering.Evaluation.Statistics;

/// <summary>
/// Percentile bootstrap over questions: they are drawn with replacement, each with all its seeds, so that answers to the same
/// question are never taken for independent ones. The same input always gives the same interval.
/// </summary>
internal static class Bootstrap
{
    private const int Resamples = 10_000;
    private const int Seed = 1;

    /// <summary>The 95 % interval of a statistic.</summary>
    /// <param name="count">The number of questions.</param>
    /// <param name="statistic">Computes the statistic from the indices of the questions drawn.</param>
    public static (double Low, double High) Interval(int count, Func<ReadOnlySpan<int>, double> statistic)
    {
        var random = new Random(Seed);
        var drawn = new int[count];
        var values = new double[Resamples];
        for (var i = 0; i < values.Length; i++)
        {
            for (var j = 0; j < drawn.Length; j++)
            {
                drawn[j] = random.Next(count);
            }

            values[i] = statistic(drawn);
        }

        Array.Sort(values);
        return (Quantile(values, 0.025), Quantile(values, 0.975));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
