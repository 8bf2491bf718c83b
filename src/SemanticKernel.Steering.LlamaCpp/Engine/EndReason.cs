namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Why an answer ended.</summary>
internal enum EndReason
{
    /// <summary>The model ended it, or a stop sequence was reached.</summary>
    Stop,

    /// <summary>The most tokens allowed were reached, or the context is full.</summary>
    Length,
}
