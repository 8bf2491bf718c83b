using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Turns chat messages into the turns a template knows. Only the three roles of a template pass.</summary>
internal static class ChatTurnReader
{
    /// <exception cref="ArgumentException">There is nothing to answer.</exception>
    /// <exception cref="NotSupportedException">A message has a role or content this client does not support.</exception>
    internal static IReadOnlyList<ChatTurn> Read(IEnumerable<ChatMessage> messages, string? instructions)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var turns = messages.Select(message => message is null ? throw new ArgumentException("A message is null.", nameof(messages)) : new ChatTurn(ReadRole(message.Role), ReadText(message))).ToList();
        if (!turns.Exists(turn => turn.Role == ChatTurnRole.User))
        {
            throw new ArgumentException(
                turns.Count == 0 ? "There are no messages to answer." : "There is no user message to answer.", nameof(messages));
        }

        if (!string.IsNullOrEmpty(instructions))
        {
            // Templates have room for one system message.
            if (turns[0].Role == ChatTurnRole.System)
            {
                turns[0] = turns[0] with { Content = $"{instructions}\n{turns[0].Content}" };
            }
            else
            {
                turns.Insert(0, new ChatTurn(ChatTurnRole.System, instructions));
            }
        }

        return turns;
    }

    private static ChatTurnRole ReadRole(ChatRole role)
    {
        if (role == ChatRole.User)
        {
            return ChatTurnRole.User;
        }

        if (role == ChatRole.Assistant)
        {
            return ChatTurnRole.Assistant;
        }

        return role == ChatRole.System
            ? ChatTurnRole.System
            : throw new NotSupportedException($"Messages of role '{role.Value}' are not supported; use system, user or assistant.");
    }

    private static string ReadText(ChatMessage message) => message.Contents.FirstOrDefault(content => content is not TextContent) is { } other
        ? throw new NotSupportedException($"Message contents of type {other.GetType().Name} are not supported; use text.")
        : message.Text;
}
