namespace SemanticKernel.Steering;

/// <summary>A file is not a GGUF file, or is damaged or cut short.</summary>
public sealed class GgufFormatException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">Which file is damaged and how.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public GgufFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
