namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>A prompt leaves no room for an answer. Raised before anything is computed.</summary>
public sealed class ContextSizeException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="promptTokens">Tokens in the prompt.</param>
    /// <param name="contextSize">Tokens a request may hold.</param>
    public ContextSizeException(int promptTokens, int contextSize)
        : base($"The prompt has {promptTokens} tokens, but the context holds {contextSize}, prompt and answer together. Shorten the conversation or raise ContextSize.")
    {
        PromptTokens = promptTokens;
        ContextSize = contextSize;
    }

    /// <summary>Tokens in the prompt.</summary>
    public int PromptTokens { get; }

    /// <summary>Tokens a request may hold, prompt and answer together.</summary>
    public int ContextSize { get; }
}
