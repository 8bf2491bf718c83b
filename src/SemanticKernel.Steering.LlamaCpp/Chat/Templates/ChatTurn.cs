namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Content">What is said. Treated as hostile: it never becomes a special token or a chat marker.</param>
internal readonly record struct ChatTurn(ChatTurnRole Role, string Content);
