namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>No usable llama.cpp library was found. The message lists every path tried and why each was refused.</summary>
public sealed class NativeLibraryException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What was tried and why it was refused.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public NativeLibraryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
