namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// A conversation cannot be turned into a prompt: the model's chat template is missing, unknown to llama.cpp or has no place
/// for a message, or a message cannot be encoded safely.
/// </summary>
public sealed class ChatTemplateException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong, naming the template or message concerned.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public ChatTemplateException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
