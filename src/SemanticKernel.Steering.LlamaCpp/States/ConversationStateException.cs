namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>A saved conversation cannot be restored. Nothing of it has been used.</summary>
public sealed class ConversationStateException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public ConversationStateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
