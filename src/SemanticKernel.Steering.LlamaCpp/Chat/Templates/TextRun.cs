using System.Text;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>A stretch of a prompt without special tokens, in which content may have been taken apart by inserted spaces.</summary>
internal sealed class TextRun
{
    private readonly PromptText _prompt;
    private readonly int[] _positions;

    private TextRun(PromptText prompt, string text, int[] positions)
    {
        _prompt = prompt;
        Text = text;
        _positions = positions;
    }

    internal string Text { get; }

    internal static TextRun Of(PromptText prompt, int start, int end) =>
        new(prompt, prompt.Text[start..end], Enumerable.Range(start, end - start).ToArray());

    /// <summary>The place in the prompt's text that a character stands for.</summary>
    internal int PositionOf(int index) => _positions[index];

    internal TokenOrigin OriginOf(int index) => _prompt.OriginOf(_positions[index]);

    internal bool IsContent(int index) => _prompt.Owners[_positions[index]] != TemplatePiece.NoTurn;

    /// <summary>The first content character from <paramref name="start"/> up to <paramref name="end"/>, or -1.</summary>
    internal int FindContent(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (IsContent(i))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// Takes texts apart by a space each: after the first character if that is content, else before the first one that is.
    /// A space changes the least that a reader or the model can see, and never joins what stood apart.
    /// </summary>
    internal TextRun Break(IEnumerable<(int Start, int End)> places)
    {
        var text = new StringBuilder(Text.Length + 16);
        var positions = new List<int>(Text.Length + 16);
        var done = 0;
        foreach (var (start, end) in places.OrderBy(place => place.Start))
        {
            var content = FindContent(start, end);
            var cut = content > start ? content : start + (char.IsHighSurrogate(Text[start]) ? 2 : 1);
            if (cut > done)
            {
                text.Append(Text, done, cut - done).Append(' ');
                positions.AddRange(_positions.AsSpan(done, cut - done));
                positions.Add(_positions[content]);
                done = cut;
            }
        }

        text.Append(Text, done, Text.Length - done);
        positions.AddRange(_positions.AsSpan(done));
        return new TextRun(_prompt, text.ToString(), positions.ToArray());
    }
}
