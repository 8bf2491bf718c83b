namespace SemanticKernel.Steering;

/// <summary>Fits the maps of a tile of neurons, each by itself. Implementations are stateless.</summary>
internal interface ITransportEstimator
{
    /// <summary>Refuses sample counts and weights that this estimator cannot use.</summary>
    /// <exception cref="SteeringFitException">The counts are unusable.</exception>
    void CheckCounts(ActivationSamples source, ActivationSamples target);

    /// <summary>Fits one map per lane from the sorted samples of both sets. Neurons that cannot be fitted get the identity.</summary>
    void Fit(TilePair tiles, Span<AffineMap> maps);
}
