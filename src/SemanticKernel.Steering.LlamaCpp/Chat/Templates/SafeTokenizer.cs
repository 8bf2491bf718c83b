using System.Globalization;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>
/// Tokenises text without special tokens. Long text goes to llama.cpp in chunks, because <c>llama_tokenize</c> takes time
/// quadratic in the number of user-defined tokens it finds, and the regular expressions of many BPE vocabularies recurse
/// once per character of a word: 30,000 letters without a break overflow the stack and end the process. Thread-safe.
/// </summary>
/// <remarks>
/// Chunks end where llama.cpp splits the text itself, so tokens stay what they are, except within words and runs of white
/// space longer than <see cref="MaxRun"/>.
/// </remarks>
internal sealed class SafeTokenizer
{
    internal const int MaxRun = 2048;

    private const int MaxUserDefined = 64;
    private const string WordEnds = ".,!?…。，、।۔،(|)";

    private readonly LlamaVocabulary _vocabulary;
    private readonly TextTrie _userDefined;
    private readonly bool _addsSpace;

    /// <param name="vocabulary">The model's tokenizer.</param>
    /// <param name="userDefined">The tokens llama.cpp matches in any text; values are ids.</param>
    /// <param name="addsSpace">Whether the vocabulary puts a space before text: SentencePiece, which knows no regular expressions.</param>
    internal SafeTokenizer(LlamaVocabulary vocabulary, TextTrie userDefined, bool addsSpace)
    {
        _vocabulary = vocabulary;
        _userDefined = userDefined;
        _addsSpace = addsSpace;
    }

    internal int[] Tokenize(string text)
    {
        if (text.Length <= MaxRun)
        {
            return _vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false);
        }

        var tokens = new List<int>();
        var start = 0;
        foreach (var (end, next) in FindCuts(text))
        {
            tokens.AddRange(_vocabulary.Tokenize(text[start..end], addSpecial: false, parseSpecial: false));
            start = next;
        }

        return [.. tokens];
    }

    /// <summary>Where chunks end and the next ones start.</summary>
    private List<(int End, int Next)> FindCuts(string text)
    {
        var cuts = _userDefined.Partition(text).Where((_, index) => index % MaxUserDefined == MaxUserDefined - 1).Select(match => (match.End,
            _vocabulary.AttributesOf(match.Value).HasFlag(LlamaTokenAttributes.StripRight) ? WhiteSpace.SkipForward(text, match.End) : match.End)).ToList();
        if (!_addsSpace)
        {
            AddRunCuts(text, cuts);
            cuts.Sort();
        }

        cuts.Add((text.Length, text.Length));
        return cuts;
    }

    private static void AddRunCuts(string text, List<(int End, int Next)> cuts)
    {
        var (runStart, wordStart, runClass) = (0, 0, CharacterClass.Any);
        for (var i = 0; i < text.Length; i++)
        {
            var characterClass = ClassOf(text[i]);
            if (characterClass != CharacterClass.Any)
            {
                runStart = characterClass == runClass || runClass == CharacterClass.Any ? runStart : i;
                runClass = characterClass;
            }

            wordStart = characterClass == CharacterClass.WhiteSpace || WordEnds.Contains(text[i]) ? i : wordStart;
            if ((i - runStart >= MaxRun || i - wordStart >= 2 * MaxRun) && !char.IsLowSurrogate(text[i]))
            {
                cuts.Add((i, i));
                runStart = wordStart = i;
            }
        }
    }

    private static CharacterClass ClassOf(char character) => char.GetUnicodeCategory(character) switch
    {
        _ when char.IsWhiteSpace(character) => CharacterClass.WhiteSpace,
        _ when char.IsLetter(character) => CharacterClass.Letter,
        _ when char.IsNumber(character) => CharacterClass.Number,

        // Vocabularies count marks as part of words or of punctuation; a surrogate alone says nothing.
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Surrogate => CharacterClass.Any,
        _ => CharacterClass.Other,
    };

    /// <summary>What the vocabularies' regular expressions repeat.</summary>
    private enum CharacterClass
    {
        Any,
        WhiteSpace,
        Letter,
        Number,
        Other,
    }
}
