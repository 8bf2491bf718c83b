namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Where a token of a prompt comes from.</summary>
/// <param name="Kind">Whether it is the beginning-of-sequence token, template text or content.</param>
/// <param name="Turn">Index of the turn whose content it holds, or -1.</param>
/// <param name="Role">Who speaks in that turn; null for raw text and for tokens that are not content.</param>
internal readonly record struct TokenOrigin(TokenOriginKind Kind, int Turn, ChatTurnRole? Role)
{
    internal static TokenOrigin Bos { get; } = new(TokenOriginKind.Bos, -1, null);

    internal static TokenOrigin Template { get; } = new(TokenOriginKind.Template, -1, null);

    internal static TokenOrigin OfContent(int turn, ChatTurnRole? role) => new(TokenOriginKind.Content, turn, role);
}
