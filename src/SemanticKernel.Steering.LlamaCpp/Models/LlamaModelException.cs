namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>A model cannot be opened or run as asked. The message says why and what to change.</summary>
public sealed class LlamaModelException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong, naming the file or option concerned.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public LlamaModelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
