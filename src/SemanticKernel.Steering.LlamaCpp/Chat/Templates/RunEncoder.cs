using System.Text;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>
/// Tokenises text between special tokens. Content cannot bring in special tokens or chat markers: a marker in it is taken
/// apart by a space after its first character (<c>&lt; |im_end|&gt;</c>, <c>[ INST]</c>), and the outcome is checked. Thread-safe.
/// </summary>
internal sealed class RunEncoder
{
    // One pass is the rule, two if there are markers. More are needed when merges make forbidden tokens of ordinary text,
    // such as an empty line in models whose turns end with one.
    private const int MaxPasses = 8;

    private readonly LlamaVocabulary _vocabulary;
    private readonly SpecialTokens _specials;
    private readonly SafeTokenizer _tokenizer;
    private readonly TokenAligner _aligner;

    internal RunEncoder(LlamaVocabulary vocabulary, SpecialTokens specials)
    {
        _vocabulary = vocabulary;
        _specials = specials;
        var addsSpace = vocabulary.GetBytes(vocabulary.Tokenize("a", addSpecial: false, parseSpecial: false)).AsSpan().StartsWith(" "u8);
        _aligner = new TokenAligner(vocabulary, addsSpace);
        _tokenizer = new SafeTokenizer(vocabulary, specials.UserDefined, addsSpace);
    }

    /// <summary>Tokenises a run.</summary>
    /// <param name="run">The text; comes back with the spaces that were inserted.</param>
    /// <exception cref="ChatTemplateException">The run cannot be encoded without a forbidden token in content.</exception>
    internal PlacedToken[] Encode(ref TextRun run)
    {
        for (var pass = 0; pass < MaxPasses; pass++)
        {
            var markers = FindMarkers(run);
            if (markers.Count > 0)
            {
                run = run.Break(markers);
                continue;
            }

            var tokens = _tokenizer.Tokenize(run.Text);
            var placed = _aligner.Align(run.Text, tokens)
                ?? throw new ChatTemplateException("The model's vocabulary cannot express this text: its tokens spell something else.");
            var forbidden = FindForbidden(run, placed);
            if (forbidden.Count == 0)
            {
                Verify(run, tokens);
                return placed;
            }

            run = run.Break(forbidden);
        }

        throw new ChatTemplateException("A message holds text that this model's tokenizer turns into special tokens, and it cannot be taken apart.");
    }

    private List<(int Start, int End)> FindMarkers(TextRun run)
    {
        var found = new List<(int, int)>();
        var text = SpecialTokens.FoldSpaces(run.Text);
        for (var start = 0; start < text.Length; start++)
        {
            if (_specials.TryMatchMarker(text, start, out var match) && run.FindContent(match.Start, match.End) >= 0)
            {
                found.Add((match.Start, match.End));
            }
        }

        return found;
    }

    private List<(int Start, int End)> FindForbidden(TextRun run, PlacedToken[] tokens) =>
        tokens.Where(token => _specials.IsForbiddenInContent(token.Id) && run.FindContent(token.Start, token.End) >= 0)
            .Select(token => (token.Start, token.End)).ToList();

    /// <summary>Reads the tokens back as the model sees them and looks for markers once more, whatever the steps before have found.</summary>
    private void Verify(TextRun run, int[] tokens)
    {
        var spelled = SpecialTokens.FoldSpaces(Encoding.UTF8.GetString(_vocabulary.GetBytes(tokens)));
        var isContent = new bool[spelled.Length];
        var written = SpecialTokens.FoldSpaces(run.Text);
        for (int i = 0, at = 0; i < spelled.Length; i++)
        {
            // The tokenizer may have added a space here, or left out white space beside a token that strips it.
            while (at < written.Length && written[at] != spelled[i] && spelled[i] != ' ' && WhiteSpace.Contains(written[at]))
            {
                at++;
            }

            if (at < written.Length && written[at] == spelled[i])
            {
                isContent[i] = run.IsContent(at++);
            }
        }

        for (var start = 0; start < spelled.Length; start++)
        {
            if (_specials.TryMatchMarker(spelled, start, out var match) && isContent.AsSpan(match.Start, match.Length).Contains(true))
            {
                throw new ChatTemplateException("A message holds a chat marker that cannot be taken apart. Remove markers such as <|im_end|> or [INST] from it.");
            }
        }
    }
}
