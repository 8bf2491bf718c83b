namespace SemanticKernel.Steering;

/// <summary>Gaussian and Mean as the reference does them: neurons act only where both deviations exceed a threshold.</summary>
internal sealed class ReferenceNormalEstimator(bool scales) : ITransportEstimator
{
    private const double Epsilon = 1e-4;

    public void CheckCounts(int source, int target)
    {
        // Every count works: a single sample has no deviation, which leaves all neurons alone.
    }

    public AffineMap Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target)
    {
        var from = new SampleMoments(source);
        var to = new SampleMoments(target);
        return from.Deviation > Epsilon && to.Deviation > Epsilon
            ? AffineMap.Through(scales ? to.Deviation / from.Deviation : 1, from.Mean, to.Mean)
            : AffineMap.Identity;
    }
}
