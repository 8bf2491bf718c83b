namespace SemanticKernel.Steering;

/// <summary>Gaussian and Mean as the reference does them: neurons act only where both deviations exceed a threshold.</summary>
internal sealed class ReferenceNormalEstimator(bool scales) : ITransportEstimator
{
    private const double Epsilon = 1e-4;

    public void CheckCounts(ActivationSamples source, ActivationSamples target)
    {
        // Every count works: a single sample has no deviation, which leaves all neurons alone.
    }

    public void Fit(TilePair tiles, Span<AffineMap> maps)
    {
        var (from, to) = (tiles.Source.Moments, tiles.Target.Moments);
        for (var lane = 0; lane < maps.Length; lane++)
        {
            maps[lane] = from.Deviation[lane] > Epsilon && to.Deviation[lane] > Epsilon
                ? AffineMap.Through(scales ? to.Deviation[lane] / from.Deviation[lane] : 1, from.Mean[lane], to.Mean[lane])
                : AffineMap.Identity;
        }
    }
}
