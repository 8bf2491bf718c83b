namespace SemanticKernel.Steering;

/// <summary>Linear in safe mode: unequal counts are coupled exactly, neurons whose source hardly varies are left alone.</summary>
internal sealed class SafeLinearEstimator : ITransportEstimator
{
    public void CheckCounts(ActivationSamples source, ActivationSamples target) =>
        TransportEstimators.RequireTwo(TransportEstimator.Linear, source, target);

    public void Fit(TilePair tiles, Span<AffineMap> maps)
    {
        Span<double> slopes = stackalloc double[SampleTile.Lanes];
        tiles.Coupling.Slopes(slopes);
        var (from, to) = (tiles.Source.Moments, tiles.Target.Moments);
        for (var lane = 0; lane < maps.Length; lane++)
        {
            maps[lane] = from.Varies(lane) ? AffineMap.Through(slopes[lane], from.Mean[lane], to.Mean[lane]) : AffineMap.Identity;
        }
    }
}
