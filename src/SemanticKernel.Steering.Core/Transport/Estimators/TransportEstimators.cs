namespace SemanticKernel.Steering;

/// <summary>Finds the estimator for the options.</summary>
internal static class TransportEstimators
{
    // Below this, rounding decides what the other samples still say.
    private const double LeastEffectiveCount = 1 + 1e-6;

    public static ITransportEstimator For(TransportEstimator estimator, FitMode mode) => (estimator, mode) switch
    {
        (TransportEstimator.Linear, FitMode.Safe) => new SafeLinearEstimator(),
        (TransportEstimator.Linear, FitMode.Reference) => new ReferenceLinearEstimator(),
        (TransportEstimator.Gaussian, FitMode.Safe) => new SafeGaussianEstimator(),
        (TransportEstimator.Mean, FitMode.Safe) => new SafeMeanEstimator(),
        (TransportEstimator.Gaussian, FitMode.Reference) => new ReferenceNormalEstimator(scales: true),
        (TransportEstimator.Mean, FitMode.Reference) => new ReferenceNormalEstimator(scales: false),
        (TransportEstimator.AurA, FitMode.Safe or FitMode.Reference) => new AuraEstimator(mode),
        _ => throw new ArgumentOutOfRangeException(nameof(estimator), $"There is no estimator {estimator} in mode {mode}."),
    };

    /// <summary>Refuses sets too small to have a deviation, and those where one sample outweighs all others.</summary>
    public static void RequireTwo(TransportEstimator estimator, ActivationSamples source, ActivationSamples target)
    {
        if (source.Count < 2 || target.Count < 2)
        {
            throw new SteeringFitException(
                $"{estimator} needs at least 2 samples on each side, not {source.Count} source and {target.Count} target; Mean works with 1.");
        }

        if (Math.Min(source.EffectiveCount, target.EffectiveCount) < LeastEffectiveCount)
        {
            throw new SteeringFitException(
                $"{estimator} needs at least 2 samples that count on each side, and one outweighs all others; give the others more weight, or use Mean.");
        }
    }
}
