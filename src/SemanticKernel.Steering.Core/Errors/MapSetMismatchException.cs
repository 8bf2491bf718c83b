namespace SemanticKernel.Steering;

/// <summary>A map set is intact but was fitted for another model, other weights or another chat template.</summary>
public sealed class MapSetMismatchException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">Names what the map set was fitted for and what it meets.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public MapSetMismatchException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
