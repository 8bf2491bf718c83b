namespace SemanticKernel.Steering;

/// <summary>Which tokens of a conversation are steered. A beginning-of-sequence token never is.</summary>
public enum SteeringScope
{
    /// <summary>Every token, those of the prompt included: the default.</summary>
    All,

    /// <summary>Only the tokens that the model generates.</summary>
    Generated,

    /// <summary>The tokens from the start of the last user turn on.</summary>
    FromLastUserTurn,
}
