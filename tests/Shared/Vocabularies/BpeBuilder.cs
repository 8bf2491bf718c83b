using System.Text;

namespace SemanticKernel.Steering.TestModels;

/// <summary>Collects the tokens and merges of a byte-level BPE vocabulary.</summary>
internal sealed class BpeBuilder
{
    private readonly List<VocabularyToken> _tokens = [];
    private readonly List<string> _merges = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<VocabularyToken> Tokens => _tokens;

    public IReadOnlyList<string> Merges => _merges;

    public void AddBytes()
    {
        for (var value = 0; value < 256; value++)
        {
            AddToken(ByteSymbol((byte)value).ToString(), TokenType.Normal);
        }
    }

    public void AddToken(string text, TokenType type)
    {
        if (_known.Add(text))
        {
            _tokens.Add(new VocabularyToken(text, type));
        }
    }

    /// <summary>Adds a text and all its beginnings, each merged from the one before it.</summary>
    public void AddPiece(string text)
    {
        var symbols = string.Concat(Encoding.UTF8.GetBytes(text).Select(ByteSymbol));
        for (var length = 2; length <= symbols.Length; length++)
        {
            var merged = symbols[..length];
            if (!_known.Contains(merged))
            {
                _merges.Add($"{symbols[..(length - 1)]} {symbols[length - 1]}");
                AddToken(merged, TokenType.Normal);
            }
        }
    }

    /// <summary>GPT-2's printable stand-in for a byte.</summary>
    private static char ByteSymbol(byte value)
    {
        if (IsPrintable(value))
        {
            return (char)value;
        }

        var rank = Enumerable.Range(0, value).Count(other => !IsPrintable((byte)other));
        return (char)(256 + rank);
    }

    private static bool IsPrintable(byte value) => value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
}
