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

    /// <summary>
    /// The one token before the last answer, where the model decides how to begin. What it says differs between texts only as far as their
    /// prompts do: texts that differ in their answers alone give nothing to fit on here.
    /// </summary>
    LastPromptToken,

    /// <summary>The first four tokens of the last answer, in which tone and stance are set.</summary>
    AnswerStart,
}
