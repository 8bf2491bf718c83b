namespace SemanticKernel.Steering;

/// <summary>Fits the map set of a concept: runs the model over both sets of texts and fits one map per site.</summary>
/// <remarks>Implementations are safe for concurrent use and do not delay chatting with the same model.</remarks>
public interface ISteeringFitter
{
    /// <summary>Fits a map set.</summary>
    /// <param name="data">The concept and its two sets of texts.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="progress">Hears how far the work has come, if given.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The map set, ready to be saved or registered; never one that does nothing.</returns>
    /// <exception cref="SteeringFitException">The data cannot be fitted with these options, or the result does nothing.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    Task<MapSet> FitAsync(
        ConceptData data,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
