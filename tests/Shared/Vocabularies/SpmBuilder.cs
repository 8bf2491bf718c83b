namespace SemanticKernel.Steering.TestModels;

/// <summary>Collects the tokens of a SentencePiece vocabulary.</summary>
internal sealed class SpmBuilder
{
    private readonly List<VocabularyToken> _tokens = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private int _pieces;

    public IReadOnlyList<VocabularyToken> Tokens => _tokens;

    public void AddToken(string text, TokenType type, float score = 0)
    {
        if (_known.Add(text))
        {
            _tokens.Add(new VocabularyToken(text, type, score));
        }
    }

    public void AddBytes()
    {
        for (var value = 0; value < 256; value++)
        {
            AddToken($"<0x{value:X2}>", TokenType.Byte);
        }
    }

    /// <summary>Adds a text and all its beginnings; what comes first is merged first.</summary>
    public void AddPiece(string text)
    {
        var piece = text.Replace(' ', '▁');
        for (var length = 1; length <= piece.Length; length++)
        {
            AddToken(piece[..length], TokenType.Normal, -++_pieces);
        }
    }
}
