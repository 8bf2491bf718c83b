namespace SemanticKernel.Steering;

/// <summary>Least squares over the monotone coupling of two sorted samples (paper section 3, for counts that may differ).</summary>
/// <remarks>
/// Every source sample carries the mass 1/n and every target sample 1/m; mass moves in ascending order. In units of 1/(n·m) all masses are whole
/// numbers, so none is lost to rounding. With equal counts this pairs rank with rank.
/// </remarks>
internal static class MonotoneCoupling
{
    /// <summary>Fits the map; null if the source does not vary.</summary>
    public static AffineMap? Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target)
    {
        if (source[0] == source[^1])
        {
            return null;
        }

        var sourceMean = new SampleMoments(source).Mean;
        var targetMean = new SampleMoments(target).Mean;
        double covariance = 0;
        double variance = 0;
        int i = 0, j = 0;
        long sourceLeft = target.Length, targetLeft = source.Length;
        while (i < source.Length)
        {
            var mass = Math.Min(sourceLeft, targetLeft);
            var deviation = source[i] - sourceMean;

            // Both sums grow by terms of the same form, so that equal sets give a slope of exactly 1.
            covariance += mass * (deviation * (target[j] - targetMean));
            variance += mass * (deviation * deviation);
            if ((sourceLeft -= mass) == 0)
            {
                sourceLeft = target.Length;
                i++;
            }

            if ((targetLeft -= mass) == 0)
            {
                targetLeft = source.Length;
                j++;
            }
        }

        return AffineMap.Through(covariance / variance, sourceMean, targetMean);
    }
}
