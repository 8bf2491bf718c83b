namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Who speaks in a turn. The set is closed because role names are template text: a free one could carry control tokens.</summary>
internal enum ChatTurnRole
{
    /// <summary>Instructions of the application.</summary>
    System,

    /// <summary>The person, or whoever asks.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}
