namespace SemanticKernel.Steering;

/// <summary>Quantiles by linear interpolation at position (n − 1)·q ("type 7", the default of NumPy and PyTorch), and its form for weights.</summary>
internal static class Quantile
{
    /// <summary>Gives a quantile of ascending values.</summary>
    /// <param name="sorted">The values, ascending.</param>
    /// <param name="percent">0 to 100.</param>
    /// <param name="stride">How far apart the values lie; what lies between them does not count.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, double percent, int stride = 1)
    {
        var last = (sorted.Length - 1) / stride;
        var position = last * (percent / 100);
        var below = (int)Math.Floor(position);
        return below >= last
            ? sorted[last * stride]
            : Between(sorted[below * stride], sorted[(below + 1) * stride], position - below);
    }

    /// <summary>Gives a quantile of ascending values that count for more or less.</summary>
    /// <remarks>
    /// A value stands at the share that lies below it plus half of its own; these places are stretched so that the smallest value stands at 0 and
    /// the largest at 1, and the quantile is interpolated between them. Neighbours are thus half of both their shares apart, which for
    /// equal shares is type 7.
    /// </remarks>
    /// <param name="sorted">The values, ascending.</param>
    /// <param name="shares">The share of each value, summing to 1.</param>
    /// <param name="percent">0 to 100.</param>
    public static double OfSorted(ReadOnlySpan<double> sorted, ReadOnlySpan<double> shares, double percent)
    {
        double whole = 0;
        for (var i = 1; i < sorted.Length; i++)
        {
            whole += shares[i - 1] + shares[i];
        }

        var left = whole * (percent / 100);
        for (var i = 1; i < sorted.Length && percent < 100; i++)
        {
            var gap = shares[i - 1] + shares[i];
            if (left < gap)
            {
                return Between(sorted[i - 1], sorted[i], left / gap);
            }

            left -= gap;
        }

        return sorted[^1];
    }

    /// <summary>Fails unless 0 ≤ percent ≤ 100; NaN fails.</summary>
    public static void CheckPercent(double percent)
    {
        if (!(percent is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A quantile lies between 0 and 100 percent.");
        }
    }

    private static double Between(double low, double high, double part) => low + ((high - low) * part);
}
