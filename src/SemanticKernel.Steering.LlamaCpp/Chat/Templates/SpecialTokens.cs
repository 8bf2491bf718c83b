using System.Collections;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>
/// Sorts a vocabulary's tokens for one template: those that template text is split at, those that content may never hold, and
/// the texts that are taken apart in content. Immutable.
/// </summary>
/// <remarks>
/// Tokens of type USER_DEFINED are matched by llama.cpp in any text. They are markers if they look like one or the template
/// writes them; the others (runs of white space, HTML elements, words) are left to the tokenizer, in content as well.
/// </remarks>
internal sealed class SpecialTokens
{
    private readonly LlamaVocabulary _vocabulary;
    private readonly BitArray _forbidden;
    private readonly TextTrie _inTemplate = new();
    private readonly TextTrie _markers = new();
    private readonly TextTrie _userDefined = new();

    internal SpecialTokens(LlamaVocabulary vocabulary, IReadOnlyCollection<string> templateTexts)
    {
        _vocabulary = vocabulary;
        _forbidden = new BitArray(vocabulary.Count);
        for (var token = 0; token < vocabulary.Count; token++)
        {
            AddToken(token, templateTexts);
        }

        foreach (var text in templateTexts)
        {
            var plain = text.ToCharArray();
            foreach (var special in _inTemplate.Partition(text))
            {
                plain.AsSpan(special.Start, special.Length).Fill('\n');
            }

            AddMarkers(MarkerText.FindIn(new string(plain)));
        }

        AddMarkers(MarkerText.Common);
    }

    /// <summary>The user-defined tokens that are no markers; values are ids.</summary>
    internal TextTrie UserDefined => _userDefined;

    /// <summary>Whether content may never hold this token: control, unknown and end-of-generation tokens, and markers.</summary>
    internal bool IsForbiddenInContent(int token) => _forbidden[token];

    /// <summary>Finds the special tokens in template text, as llama.cpp does with <c>parse_special</c>.</summary>
    /// <returns>The tokens in text order; the value of a match is the token's id.</returns>
    internal List<TextMatch> FindInTemplate(string text) => _inTemplate.Partition(text);

    /// <summary>Finds the longest marker that starts at a place in a text that went through <see cref="FoldSpaces"/>.</summary>
    internal bool TryMatchMarker(string foldedText, int start, out TextMatch match) => _markers.TryMatchLongest(foldedText, start, out match);

    /// <summary>SentencePiece writes spaces as U+2581, so that either character gives the same tokens. The length stays.</summary>
    internal static string FoldSpaces(string text) => text.Replace('\u2581', ' ');

    private void AddToken(int token, IReadOnlyCollection<string> templateTexts)
    {
        var attributes = _vocabulary.AttributesOf(token);
        var isEnd = _vocabulary.IsEndOfGeneration(token);
        var isControl = (attributes & (LlamaTokenAttributes.Control | LlamaTokenAttributes.Unknown)) != 0;
        var isUserDefined = (attributes & LlamaTokenAttributes.UserDefined) != 0;
        if (!isControl && !isUserDefined && !isEnd)
        {
            return;
        }

        var text = _vocabulary.TextOf(token);
        var isMarker = MarkerText.LooksLikeMarker(text) ||
            (isUserDefined && !string.IsNullOrWhiteSpace(text) && templateTexts.Any(template => template.Contains(text, StringComparison.Ordinal)));
        if (isControl || isEnd || isMarker)
        {
            _forbidden[token] = true;
        }

        if (isControl || (isMarker && isUserDefined))
        {
            _inTemplate.Add(text, token);
        }

        if (isMarker)
        {
            AddMarkers([text]);
        }
        else if (isUserDefined)
        {
            _userDefined.Add(text, token);
        }
    }

    private void AddMarkers(IEnumerable<string> texts)
    {
        foreach (var text in texts.Where(text => text.Length > 1))
        {
            _markers.Add(FoldSpaces(text), 0);
        }
    }
}
