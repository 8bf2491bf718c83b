namespace SemanticKernel.Steering;

/// <summary>AurA (arXiv 2407.12824, section 3): damps a neuron the more, the better its value alone tells source from target.</summary>
/// <remarks>
/// Slope 1 up to an AUROC of ½, then 1 − 2·(AUROC − ½); the intercept is always 0. Safe mode needs two samples on each side and leaves neurons
/// alone whose source hardly varies, because there the smallest difference counts as perfect separation and would switch the neuron off.
/// </remarks>
internal sealed class AuraEstimator(FitMode mode) : ITransportEstimator
{
    public void CheckCounts(ActivationSamples source, ActivationSamples target)
    {
        if (mode == FitMode.Safe)
        {
            TransportEstimators.RequireTwo(TransportEstimator.AurA, source, target);
        }
    }

    public void Fit(TilePair tiles, Span<AffineMap> maps)
    {
        for (var lane = 0; lane < maps.Length; lane++)
        {
            maps[lane] = mode == FitMode.Safe && !tiles.Source.Moments.Varies(lane) ? AffineMap.Identity : Damp(tiles.Auroc(lane));
        }
    }

    private static AffineMap Damp(double separation) => new(separation <= 0.5 ? 1 : 2 - (2 * separation), 0);
}
