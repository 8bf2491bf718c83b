namespace SemanticKernel.Steering;

/// <summary>Finds the estimator for the options.</summary>
internal static class TransportEstimators
{
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

    /// <summary>Refuses sets too small to have a deviation.</summary>
    public static void RequireTwo(TransportEstimator estimator, int source, int target)
    {
        if (source < 2 || target < 2)
        {
            throw new SteeringFitException(
                $"{estimator} needs at least 2 samples on each side, not {source} source and {target} target; Mean works with 1.");
        }
    }
}
