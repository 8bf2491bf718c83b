using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SemanticKernel.Steering;

/// <summary>Turns a chat history into chat messages. Only text in the three roles of a chat template passes.</summary>
internal static class ChatHistoryReader
{
    /// <exception cref="ArgumentException">The history is empty.</exception>
    /// <exception cref="NotSupportedException">A message has a role or a content that is not supported.</exception>
    internal static IReadOnlyList<ChatMessage> Read(ChatHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return history.Count > 0 ? [.. history.Select(Read)] : throw new ArgumentException("The chat history is empty.", nameof(history));
    }

    private static ChatMessage Read(ChatMessageContent message) => new(
        ReadRole(message.Role),
        [.. message.Items.Select(item => item is Microsoft.SemanticKernel.TextContent text
            ? new Microsoft.Extensions.AI.TextContent(text.Text)
            : throw new NotSupportedException($"Message contents of type {item.GetType().Name} are not supported; use text."))]);

    private static ChatRole ReadRole(AuthorRole role) =>
        role == AuthorRole.System ? ChatRole.System
        : role == AuthorRole.User ? ChatRole.User
        : role == AuthorRole.Assistant ? ChatRole.Assistant
        : throw new NotSupportedException($"Messages of role '{role.Label}' are not supported; use system, user or assistant.");
}
