namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>What a token is to the scopes of steering, in ascending order of scope.</summary>
internal enum RowKind : byte
{
    /// <summary>The beginning-of-sequence token: never steered.</summary>
    Bos,

    /// <summary>The prompt before the last user turn.</summary>
    EarlierPrompt,

    /// <summary>The prompt from the last user turn on.</summary>
    LastUserTurn,

    /// <summary>A token of the answer.</summary>
    Generated,
}
