using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Tells which texts mark turns: those of special tokens, and those that templates write in plain text.</summary>
internal static partial class MarkerText
{
    // Elements that vocabularies such as Gemma's hold as single tokens: part of ordinary HTML, of no chat template.
    private static readonly FrozenSet<string> HtmlElements = new[]
    {
        "a", "b", "blockquote", "br", "caption", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre",
        "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Markers of common templates. Models follow them even when they were tuned with another template.</summary>
    internal static IReadOnlyList<string> Common { get; } =
    [
        "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>",
        "<start_of_turn>", "<end_of_turn>", "### Instruction:", "### Response:",
    ];

    /// <summary>Whether the text of a special token is a marker by its looks, such as <c>&lt;|end|&gt;</c>, <c>&lt;/s&gt;</c> or <c>[INST]</c>.</summary>
    internal static bool LooksLikeMarker(string token) => token.Length > 2 && TokenShape().IsMatch(token) && !IsHtml(token);

    /// <summary>
    /// The markers in a template's plain text: what stands in angle or square brackets, and lines that end in a colon or
    /// begin like a heading (<c>USER:</c>, <c>### Instruction:</c>).
    /// </summary>
    internal static IEnumerable<string> FindIn(string templateText)
    {
        foreach (Match match in Bracketed().Matches(templateText))
        {
            yield return match.Value;
        }

        foreach (var line in Bracketed().Replace(templateText, "\n").Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Length > 1 && (line.EndsWith(':') || line.StartsWith('#')))
            {
                yield return line;
            }
        }
    }

    private static bool IsHtml(string token) => token.StartsWith('<') && HtmlElements.Contains(token.Trim('<', '>', '/'));

    [GeneratedRegex(@"^[<\[]\S*[>\]]$|[<\[][|｜]|[|｜][>\]]")]
    private static partial Regex TokenShape();

    [GeneratedRegex(@"<{1,2}[^<>\s]+>{1,2}|\[[^\[\]\s]+\]")]
    private static partial Regex Bracketed();
}
