namespace SemanticKernel.Steering;

/// <summary>Gaussian in safe mode: neurons whose source hardly varies are left alone.</summary>
internal sealed class SafeGaussianEstimator : ITransportEstimator
{
    public void CheckCounts(ActivationSamples source, ActivationSamples target) =>
        TransportEstimators.RequireTwo(TransportEstimator.Gaussian, source, target);

    public void Fit(TilePair tiles, Span<AffineMap> maps)
    {
        var (from, to) = (tiles.Source.Moments, tiles.Target.Moments);
        for (var lane = 0; lane < maps.Length; lane++)
        {
            maps[lane] = from.Varies(lane)
                ? AffineMap.Through(to.Deviation[lane] / from.Deviation[lane], from.Mean[lane], to.Mean[lane])
                : AffineMap.Identity;
        }
    }
}
