namespace SemanticKernel.Steering;

/// <summary>No map can be fitted from the given data with the given options.</summary>
/// <remarks>Raised for unusable training files, too few or unequally many samples, a missing token sketch, sites that a model lacks, and non-finite results.</remarks>
public sealed class SteeringFitException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong with the data or the options; names file and line where there is one.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public SteeringFitException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
