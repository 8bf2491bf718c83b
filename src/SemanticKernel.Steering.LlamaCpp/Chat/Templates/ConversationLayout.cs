namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Renders a conversation and finds out where the template puts, trims or loses each message.</summary>
internal static class ConversationLayout
{
    /// <exception cref="ChatTemplateException">The template has no place for a message, or a message cannot be encoded.</exception>
    internal static PromptText Render(TemplateRenderer renderer, string description, IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt)
    {
        var roles = new ChatTurnRole[turns.Count];
        var contents = new string[turns.Count];
        for (var i = 0; i < roles.Length; i++)
        {
            roles[i] = turns[i].Role;
            contents[i] = ContentText.Normalize(turns[i].Content, i);
        }

        var isEmpty = new bool[roles.Length];
        var pieces = Render(renderer, description, roles, isEmpty, addGenerationPrompt);
        foreach (var piece in pieces)
        {
            if (piece.IsContent)
            {
                contents[piece.Turn] = Trim(contents[piece.Turn], piece);
            }
        }

        for (var i = 0; i < isEmpty.Length; i++)
        {
            isEmpty[i] = contents[i].Length == 0;
        }

        if (isEmpty.Contains(true))
        {
            pieces = Render(renderer, description, roles, isEmpty, addGenerationPrompt);
        }

        return PromptText.Of(pieces, contents, roles, FindLastUserTurn(renderer, roles, isEmpty, contents, pieces));
    }

    private static List<TemplatePiece> Render(
        TemplateRenderer renderer, string description, ChatTurnRole[] roles, bool[] isEmpty, bool addGenerationPrompt)
    {
        var pieces = renderer.Render(roles, isEmpty, addGenerationPrompt)
            ?? throw new ChatTemplateException($"The chat template ({description}) cannot render this conversation.");
        var places = pieces.Where(piece => piece.IsContent).Select(piece => piece.Turn).ToList();
        var counts = new int[roles.Length];
        places.ForEach(turn => counts[turn]++);
        for (var turn = 0; turn < roles.Length; turn++)
        {
            if (counts[turn] != 1 && !isEmpty[turn])
            {
                throw new ChatTemplateException(
                    $"The chat template ({description}) {(counts[turn] == 0 ? "leaves out" : "repeats")} message {turn + 1}, which is of the role {roles[turn]}. " +
                    "Move its text into another message, or set the option ChatTemplate to a template that supports it.");
            }
        }

        return places.SequenceEqual(places.Order())
            ? pieces
            : throw new ChatTemplateException($"The chat template ({description}) changes the order of these messages.");
    }

    private static string Trim(string content, TemplatePiece piece)
    {
        var start = piece.TrimsStart ? WhiteSpace.SkipForward(content, 0) : 0;
        var end = piece.TrimsEnd ? WhiteSpace.SkipBack(content, start, content.Length) : content.Length;
        return content[start..end];
    }

    /// <summary>The last user turn starts where the whole prompt goes on differently from the turns before it alone.</summary>
    private static int FindLastUserTurn(TemplateRenderer renderer, ChatTurnRole[] roles, bool[] isEmpty, string[] contents, List<TemplatePiece> pieces)
    {
        var turn = Array.LastIndexOf(roles, ChatTurnRole.User);
        if (turn <= 0)
        {
            return 0;
        }

        var before = renderer.Render(roles.AsSpan(0, turn), isEmpty.AsSpan(0, turn), addGenerationPrompt: false);
        var position = 0;
        foreach (var (piece, other) in pieces.Zip(before ?? []))
        {
            if (piece.Turn != other.Turn || piece.Text != other.Text)
            {
                return position + (piece.IsContent ? 0 : piece.Text.AsSpan().CommonPrefixLength(other.Text));
            }

            position += piece.IsContent ? contents[piece.Turn].Length : piece.Text.Length;
        }

        return position;
    }
}
