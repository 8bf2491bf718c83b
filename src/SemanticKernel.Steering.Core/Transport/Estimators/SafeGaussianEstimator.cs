namespace SemanticKernel.Steering;

/// <summary>Gaussian in safe mode: neurons whose source hardly varies are left alone.</summary>
internal sealed class SafeGaussianEstimator : ITransportEstimator
{
    public void CheckCounts(int source, int target) =>
        TransportEstimators.RequireTwo(TransportEstimator.Gaussian, source, target);

    public AffineMap Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target)
    {
        var from = new SampleMoments(source);
        var to = new SampleMoments(target);
        return from.Varies ? AffineMap.Through(to.Deviation / from.Deviation, from.Mean, to.Mean) : AffineMap.Identity;
    }
}
