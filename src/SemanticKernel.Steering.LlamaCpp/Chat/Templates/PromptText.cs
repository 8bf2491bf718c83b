using System.Text;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>A rendered prompt: its text, and of each character whose content it is.</summary>
/// <param name="Text">Template text with the contents in place.</param>
/// <param name="Owners">The turn whose content a character belongs to, or <see cref="TemplatePiece.NoTurn"/>.</param>
/// <param name="Roles">The roles of the turns; none for raw text.</param>
/// <param name="LastUserTurnStart">Index of the first character of the last user turn; 0 if there is none.</param>
internal sealed record PromptText(string Text, int[] Owners, IReadOnlyList<ChatTurnRole> Roles, int LastUserTurnStart)
{
    /// <summary>A text that is content from end to end.</summary>
    internal static PromptText OfContent(string text) => new(text, new int[text.Length], [], 0);

    /// <summary>Puts contents in the places of a rendered template.</summary>
    internal static PromptText Of(IReadOnlyList<TemplatePiece> pieces, string[] contents, IReadOnlyList<ChatTurnRole> roles, int lastUserTurnStart)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            text.Append(piece.IsContent ? contents[piece.Turn] : piece.Text);
        }

        var owners = new int[text.Length];
        var start = 0;
        foreach (var piece in pieces)
        {
            var length = piece.IsContent ? contents[piece.Turn].Length : piece.Text.Length;
            owners.AsSpan(start, length).Fill(piece.Turn);
            start += length;
        }

        return new PromptText(text.ToString(), owners, roles, lastUserTurnStart);
    }

    internal TokenOrigin OriginOf(int position) => Owners[position] switch
    {
        TemplatePiece.NoTurn => TokenOrigin.Template,
        var turn => TokenOrigin.OfContent(turn, turn < Roles.Count ? Roles[turn] : null),
    };
}
