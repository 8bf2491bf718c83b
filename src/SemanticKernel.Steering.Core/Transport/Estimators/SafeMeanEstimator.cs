namespace SemanticKernel.Steering;

/// <summary>Mean in safe mode: shifts every neuron by the difference of the means, whatever its deviation.</summary>
internal sealed class SafeMeanEstimator : ITransportEstimator
{
    public void CheckCounts(ActivationSamples source, ActivationSamples target)
    {
        // One sample on each side has a mean, and ActivationSamples has at least one.
    }

    public void Fit(TilePair tiles, Span<AffineMap> maps)
    {
        for (var lane = 0; lane < maps.Length; lane++)
        {
            maps[lane] = AffineMap.Through(1, tiles.Source.Moments.Mean[lane], tiles.Target.Moments.Mean[lane]);
        }
    }
}
