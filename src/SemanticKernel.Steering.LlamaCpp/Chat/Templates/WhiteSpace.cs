using System.Buffers;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>White space as C's <c>isspace</c> sees it: templates trim by it, and so do tokens that strip what stands beside them.</summary>
internal static class WhiteSpace
{
    private static readonly SearchValues<char> Characters = SearchValues.Create(" \t\n\v\f\r");

    internal static bool Contains(char value) => Characters.Contains(value);

    /// <summary>The first place from <paramref name="start"/> on that is not white space.</summary>
    internal static int SkipForward(string text, int start)
    {
        var length = text.AsSpan(start).IndexOfAnyExcept(Characters);
        return length < 0 ? text.Length : start + length;
    }

    /// <summary>The place after the last character of a range that is not white space.</summary>
    internal static int SkipBack(string text, int start, int end) => start + text.AsSpan(start, end - start).LastIndexOfAnyExcept(Characters) + 1;
}
