using System.Text;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>Finds out which characters each token of a text holds, from the bytes the tokens stand for. Thread-safe.</summary>
internal sealed class TokenAligner
{
    private const int MaxShortPiece = 256;

    private readonly LlamaVocabulary _vocabulary;
    private readonly bool _addsSpace;

    internal TokenAligner(LlamaVocabulary vocabulary, bool addsSpace)
    {
        _vocabulary = vocabulary;
        _addsSpace = addsSpace;
    }

    /// <returns>The tokens with their places, or null if they do not spell the text.</returns>
    internal PlacedToken[]? Align(string text, ReadOnlySpan<int> tokens)
    {
        var source = Encoding.UTF8.GetBytes(text);
        var characters = IndexCharacters(text, source.Length);
        var result = new PlacedToken[tokens.Length];
        var at = 0;
        Span<byte> buffer = stackalloc byte[MaxShortPiece];

        // SentencePiece vocabularies put a space before the text and after each token that was matched ahead of tokenising.
        var expectsSpace = _addsSpace;
        for (var i = 0; i < tokens.Length; i++)
        {
            var attributes = _vocabulary.AttributesOf(tokens[i]);
            var isUserDefined = attributes.HasFlag(LlamaTokenAttributes.UserDefined);
            var bytes = Spell(tokens[i], buffer);
            if (expectsSpace && !isUserDefined && bytes.StartsWith(" "u8))
            {
                bytes = bytes[1..];
            }

            var start = at;
            if (!Advance(source, ref at, bytes))
            {
                return null;
            }

            result[i] = new PlacedToken(tokens[i], characters[start], at > start ? characters[at - 1] + 1 : characters[start]);
            expectsSpace = isUserDefined && _addsSpace;
            if (isUserDefined && attributes.HasFlag(LlamaTokenAttributes.StripRight))
            {
                while (at < source.Length && WhiteSpace.Contains((char)source[at]))
                {
                    at++;
                }
            }
        }

        return at == source.Length ? result : null;
    }

    private ReadOnlySpan<byte> Spell(int token, Span<byte> buffer)
    {
        var count = _vocabulary.GetBytes(token, buffer);
        return count >= 0 ? buffer[..count] : _vocabulary.GetBytes([token]);
    }

    private static bool Advance(byte[] source, ref int at, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (at < source.Length && source[at] == value)
            {
                at++;
            }
            else if (value == ' ' && source.AsSpan(at).StartsWith("\u2581"u8))
            {
                at += "\u2581"u8.Length;
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For each byte, and the end, the index of its character; both halves of a surrogate pair count from the second.</summary>
    private static int[] IndexCharacters(string text, int byteCount)
    {
        var characters = new int[byteCount + 1];
        var at = 0;
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            characters.AsSpan(at, rune.Utf8SequenceLength).Fill(index);
            at += rune.Utf8SequenceLength;
            index += rune.Utf16SequenceLength;
        }

        characters[at] = index;
        return characters;
    }
}
