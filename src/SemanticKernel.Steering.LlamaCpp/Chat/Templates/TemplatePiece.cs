namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>A stretch of a rendered template: its own text, or the place of a message's content.</summary>
/// <param name="Text">Template text; empty for the place of a content.</param>
/// <param name="Turn">Index of the turn whose content stands here, or <see cref="NoTurn"/>.</param>
/// <param name="TrimsStart">Whether the template removes white space before the content.</param>
/// <param name="TrimsEnd">Whether the template removes white space after the content.</param>
internal readonly record struct TemplatePiece(string Text, int Turn, bool TrimsStart, bool TrimsEnd)
{
    internal const int NoTurn = -1;

    internal bool IsContent => Turn != NoTurn;

    internal static TemplatePiece OfText(string text) => new(text, NoTurn, false, false);
}
