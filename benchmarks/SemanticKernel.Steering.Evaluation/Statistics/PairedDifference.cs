namespace SemanticKernel.Steering.Evaluation.Statistics;

/// <summary>The mean of paired differences with its 95 % interval.</summary>
/// <param name="Mean">The mean difference.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
internal readonly record struct PairedDifference(double Mean, double Low, double High)
{
    /// <summary>Compares two settings; see <see cref="Bootstrap"/>.</summary>
    /// <param name="first">One value per question.</param>
    /// <param name="second">One value per question, in the same order; the first is subtracted from it.</param>
    public static PairedDifference Between(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count || first.Count == 0)
        {
            throw new ArgumentException($"Pairs are needed, not {first.Count} and {second.Count} values.", nameof(second));
        }

        var differences = second.Zip(first, (b, a) => b - a).ToArray();
        var (low, high) = Bootstrap.Interval(differences.Length, drawn => Mean(differences, drawn));
        return new PairedDifference(differences.Average(), low, high);

        static double Mean(double[] values, ReadOnlySpan<int> drawn)
        {
            var sum = 0.0;
            foreach (var index in drawn)
            {
                sum += values[index];
            }

            return sum / drawn.Length;
        }
    }
}
