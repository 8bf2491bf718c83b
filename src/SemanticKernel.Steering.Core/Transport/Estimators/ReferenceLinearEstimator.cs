namespace SemanticKernel.Steering;

/// <summary>Linear as the reference does it: equal counts, every variance above zero is used.</summary>
internal sealed class ReferenceLinearEstimator : ITransportEstimator
{
    public void CheckCounts(int source, int target)
    {
        if (source != target)
        {
            throw new SteeringFitException(
                $"Linear in reference mode needs as many source as target samples, not {source} and {target}; safe mode takes both as they are.");
        }
    }

    public AffineMap Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target)
    {
        if (MonotoneCoupling.Fit(source, target) is { } map)
        {
            return map;
        }

        // A constant source: the reference maps everything onto a constant target, and divides noise by noise when the target varies.
        return target[0] == target[^1] ? new AffineMap(0, target[0]) : AffineMap.Identity;
    }
}
