namespace SemanticKernel.Steering;

/// <summary>Fits the map of one neuron. Implementations are stateless.</summary>
internal interface ITransportEstimator
{
    /// <summary>Refuses sample counts that this estimator cannot use.</summary>
    /// <exception cref="SteeringFitException">The counts are unusable.</exception>
    void CheckCounts(int source, int target);

    /// <summary>Fits one neuron from the ascending samples of both sets. Neurons that cannot be fitted get the identity.</summary>
    AffineMap Fit(ReadOnlySpan<float> source, ReadOnlySpan<float> target);
}
