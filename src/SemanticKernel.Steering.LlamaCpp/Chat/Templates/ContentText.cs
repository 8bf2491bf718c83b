using System.Text;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Checks the text of messages before anything else sees it.</summary>
internal static class ContentText
{
    /// <summary>Replaces lone surrogates by U+FFFD, so that the text and its UTF-8 bytes say the same.</summary>
    /// <exception cref="ChatTemplateException">The text holds a NUL character, which no tokenizer was trained on.</exception>
    internal static string Normalize(string content, int turn)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.Contains('\0', StringComparison.Ordinal))
        {
            throw new ChatTemplateException($"Message {turn + 1} holds a NUL character (U+0000). Remove it.");
        }

        return IsWellFormed(content) ? content : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(content));
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.IndexOfAnyInRange('\uD800', '\uDFFF') is var index and >= 0; rest = rest[(index + 2)..])
        {
            if (index + 1 >= rest.Length || !char.IsSurrogatePair(rest[index], rest[index + 1]))
            {
                return false;
            }
        }

        return true;
    }
}
