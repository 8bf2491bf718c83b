namespace SemanticKernel.Steering.Tests;

/// <summary>All ways to fit, and what comes out as plain numbers.</summary>
internal static class FitCases
{
    /// <summary>Every mode and support that an estimator takes, without token quantiles.</summary>
    public static IEnumerable<FitOptions> Options(TransportEstimator estimator)
    {
        var options = new FitOptions { Estimator = estimator };
        if (DirectionFitter.Fits(estimator))
        {
            return [options];
        }

        var bounded = options with { Support = SupportRange.Quantiles(5, 95) };
        return [options, bounded, options with { Mode = FitMode.Reference }, bounded with { Mode = FitMode.Reference }];
    }

    /// <summary>Slopes, intercepts and bounds, or the one vector that a map has.</summary>
    public static float[] Values(SiteMap map) => map switch
    {
        TransportMap affine => [.. affine.Slope, .. affine.Intercept, .. affine.SupportLow, .. affine.SupportHigh],
        DirectionAblation ablation => ablation.Direction.ToArray(),
        NormPreservingShift shift => shift.Shift.ToArray(),
        _ => throw new ArgumentException("This kind is new.", nameof(map)),
    };

    public static int[] Bits(SiteMap map) => Values(map).Select(BitConverter.SingleToInt32Bits).ToArray();

    /// <summary>What a map makes of a state.</summary>
    public static float[] Applied(this SiteMap map, ReadOnlySpan<float> state, float strength = 1)
    {
        var row = state.ToArray();
        map.Apply(row, strength);
        return row;
    }
}
