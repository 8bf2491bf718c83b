namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>The sources of a prompt's tokens.</summary>
internal enum TokenOriginKind
{
    /// <summary>The beginning-of-sequence token that the vocabulary adds.</summary>
    Bos,

    /// <summary>Text and special tokens of the chat template only.</summary>
    Template,

    /// <summary>At least one character of a message, possibly merged with template text next to it.</summary>
    Content,
}
