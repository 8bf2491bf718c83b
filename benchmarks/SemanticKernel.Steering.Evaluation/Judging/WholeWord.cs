namespace SemanticKernel.Steering.Evaluation.Judging;

/// <summary>Looks for a word or phrase that is not part of a longer word.</summary>
internal static class WholeWord
{
    /// <summary>Whether the text contains the word with neither a letter nor a digit beside it, in upper or lower case.</summary>
    public static bool IsIn(string text, string word)
    {
        ArgumentException.ThrowIfNullOrEmpty(word);
        for (var at = Find(text, word, 0); at >= 0; at = Find(text, word, at + 1))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static int Find(string text, string word, int start) => text.IndexOf(word, start, StringComparison.OrdinalIgnoreCase);
}
