namespace SemanticKernel.Steering;

/// <summary>Linear in safe mode: unequal counts are coupled exactly, neurons whose source hardly varies are left alone.</summary>
internal sealed class SafeLinearEstimator : ITransportEstimator
{
    public void CheckCounts(int source, int target) =>
        TransportEstimators.RequireTwo(TransportEstimator.Linear, source, target);

    public AffineMap Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target) =>
        new SampleMoments(source).Varies && MonotoneCoupling.Fit(source, target) is { } map ? map : AffineMap.Identity;
}
