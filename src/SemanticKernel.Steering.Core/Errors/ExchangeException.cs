namespace SemanticKernel.Steering;

/// <summary>A file of another tool cannot be imported, or maps cannot be exported in another tool's format.</summary>
/// <remarks>Raised for damaged and unknown content, for vectors of another model, and for maps that the other format cannot express.</remarks>
public sealed class ExchangeException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What does not go, and why; names the file or site.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public ExchangeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
