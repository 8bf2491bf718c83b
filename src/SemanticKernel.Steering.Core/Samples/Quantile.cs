namespace SemanticKernel.Steering;

/// <summary>Quantiles by linear interpolation at position (n − 1)·q ("type 7", the default of NumPy and PyTorch).</summary>
internal static class Quantile
{
    /// <summary>Gives a quantile of ascending values.</summary>
    public static double OfSorted(ReadOnlySpan<float> sorted, double percent)
    {
        var position = (sorted.Length - 1) * (percent / 100);
        var below = (int)Math.Floor(position);
        if (below >= sorted.Length - 1)
        {
            return sorted[^1];
        }

        double low = sorted[below];
        return low + ((sorted[below + 1] - low) * (position - below));
    }

    /// <summary>Fails unless 0 ≤ percent ≤ 100; NaN fails.</summary>
    public static void CheckPercent(double percent)
    {
        if (!(percent is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A quantile lies between 0 and 100 percent.");
        }
    }
}
