namespace SemanticKernel.Steering;

/// <summary>Mean in safe mode: shifts every neuron by the difference of the means, whatever its deviation.</summary>
internal sealed class SafeMeanEstimator : ITransportEstimator
{
    public void CheckCounts(int source, int target)
    {
        // One sample on each side has a mean, and ActivationSamples has at least one.
    }

    public AffineMap Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target) =>
        AffineMap.Through(1, new SampleMoments(source).Mean, new SampleMoments(target).Mean);
}
