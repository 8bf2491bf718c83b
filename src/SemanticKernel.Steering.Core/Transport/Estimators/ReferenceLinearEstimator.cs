namespace SemanticKernel.Steering;

/// <summary>Linear as the reference does it: equal counts, every variance above zero is used.</summary>
internal sealed class ReferenceLinearEstimator : ITransportEstimator
{
    public void CheckCounts(ActivationSamples source, ActivationSamples target)
    {
        if (source.Count != target.Count)
        {
            throw new SteeringFitException(
                $"Linear in reference mode needs as many source as target samples, not {source.Count} and {target.Count}; safe mode takes both as they are.");
        }
    }

    public void Fit(TilePair tiles, Span<AffineMap> maps)
    {
        Span<double> slopes = stackalloc double[SampleTile.Lanes];
        tiles.Coupling.Slopes(slopes);
        for (var lane = 0; lane < maps.Length; lane++)
        {
            maps[lane] = double.IsNaN(slopes[lane])
                ? OfConstantSource(tiles.Target, lane)
                : AffineMap.Through(slopes[lane], tiles.Source.Moments.Mean[lane], tiles.Target.Moments.Mean[lane]);
        }
    }

    /// <summary>The reference maps everything onto a constant target, and divides noise by noise when the target varies.</summary>
    private static AffineMap OfConstantSource(SampleTile target, int lane)
    {
        var lowest = target.Values[lane];
        return lowest == target.Values[^(SampleTile.Lanes - lane)] ? new AffineMap(0, lowest) : AffineMap.Identity;
    }
}
