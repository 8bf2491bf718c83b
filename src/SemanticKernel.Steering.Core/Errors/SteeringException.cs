namespace SemanticKernel.Steering;

/// <summary>Base of every error that steering itself raises: catch it to handle them all alike.</summary>
/// <remarks>Wrong arguments in code (null, wrong lengths) are reported with the usual <see cref="ArgumentException"/> family instead.</remarks>
public class SteeringException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong, naming the concept, site or file concerned.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public SteeringException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
