namespace SemanticKernel.Steering;

/// <summary>Which tokens of a training text count for fitting.</summary>
public enum TokenSelection
{
    /// <summary>Every token, a beginning-of-sequence token included.</summary>
    AllTokens,

    /// <summary>Every token but the beginning-of-sequence token, whose activations are unlike all others: the default.</summary>
    WithoutBos,

    /// <summary>The tokens of the assistant's answers.</summary>
    Answer,

    /// <summary>The tokens of the last turn.</summary>
    LastTurn,
}
