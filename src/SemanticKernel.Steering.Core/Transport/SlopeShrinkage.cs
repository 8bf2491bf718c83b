namespace SemanticKernel.Steering;

/// <summary>Draws the slopes of a site towards 1 as <see cref="Shrinkage.FewSamples"/> says.</summary>
internal static class SlopeShrinkage
{
    private const int FewSamples = 32;

    /// <summary>Refuses options that cannot be honoured.</summary>
    /// <exception cref="SteeringFitException">Shrinkage is asked for where there are no slopes to shrink, or in reference mode.</exception>
    public static void Check(FitOptions options)
    {
        if (options.Shrinkage == Shrinkage.None)
        {
            return;
        }

        if (options.Estimator is not (TransportEstimator.Linear or TransportEstimator.Gaussian))
        {
            throw new SteeringFitException($"{options.Estimator} fits no slopes that few samples make noisy; shrinkage is for Linear and Gaussian.");
        }

        if (options.Mode != FitMode.Safe)
        {
            throw new SteeringFitException("Slopes are shrunk in safe mode only: the reference does not.");
        }
    }

    /// <summary>Shrinks the slopes of all neurons of a site in place.</summary>
    /// <param name="maps">The maps; those with a slope of exactly 1 or 0 were not fitted, or have nothing to shrink, and stay.</param>
    /// <param name="sourceMeans">The source mean of each neuron.</param>
    /// <param name="source">How many source samples there are, in effect.</param>
    /// <param name="target">How many target samples there are, in effect.</param>
    public static void Apply(Span<AffineMap> maps, ReadOnlySpan<double> sourceMeans, double source, double target)
    {
        if (!(Math.Min(source, target) <= FewSamples))
        {
            return;
        }

        var noise = (0.5 / (source - 1)) + (0.5 / (target - 1));
        var noiseShare = NoiseShare(maps, noise);
        var limit = Math.Sqrt(noise);
        for (var i = 0; i < maps.Length; i++)
        {
            if (IsShrinkable(maps[i]))
            {
                var log = Math.Log(maps[i].Slope);
                var slope = Math.Exp(log - Math.Clamp(log * noiseShare, -limit, limit));
                var targetMean = (maps[i].Slope * sourceMeans[i]) + maps[i].Intercept;
                maps[i] = AffineMap.Through(slope, sourceMeans[i], targetMean);
            }
        }
    }

    /// <summary>How much of what the logarithms vary is noise, 0 to 1.</summary>
    private static double NoiseShare(ReadOnlySpan<AffineMap> maps, double noise)
    {
        var neurons = 0;
        var squares = 0.0;
        foreach (var map in maps)
        {
            if (IsShrinkable(map))
            {
                var log = Math.Log(map.Slope);
                squares += log * log;
                neurons++;
            }
        }

        return neurons > 2 ? Math.Min(1, (neurons - 2) * noise / squares) : 0;
    }

    private static bool IsShrinkable(AffineMap map) => map.Slope is > 0 and not 1 && double.IsFinite(map.Slope);
}
