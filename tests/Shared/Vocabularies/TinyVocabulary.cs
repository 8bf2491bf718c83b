namespace SemanticKernel.Steering.TestModels;

/// <summary>Makes small vocabularies that can tokenise any text and hold common English words as one token.</summary>
/// <remarks>Special tokens are entered before the pieces, so that a piece with the same text cannot take their place.</remarks>
public static class TinyVocabulary
{
    private const string UnknownToken = "<unk>";

    /// <summary>Makes a byte-level BPE vocabulary: 256 bytes, the special tokens, then common pieces.</summary>
    /// <param name="specials">The special tokens.</param>
    /// <param name="preTokenizer">The name by which llama.cpp knows the splitting rule, for example <c>gpt-2</c>, <c>llama-bpe</c>, <c>qwen2</c> or <c>tekken</c>.</param>
    /// <param name="chatTemplate">The chat template to store.</param>
    /// <param name="size">How many tokens there are at least; the last ones stand for no text.</param>
    /// <returns>The vocabulary.</returns>
    public static Vocabulary Bpe(SpecialTokens specials, string preTokenizer = "gpt-2", string? chatTemplate = null, int size = 0)
    {
        ArgumentNullException.ThrowIfNull(specials);
        var builder = new BpeBuilder();
        builder.AddBytes();
        foreach (var special in specials.All())
        {
            builder.AddToken(special, specials.TypeOf(special));
        }

        foreach (var piece in CommonPieces.Words.Concat(CommonPieces.Layout).Concat(CommonPieces.LineEnds))
        {
            builder.AddPiece(piece);
        }

        while (builder.Tokens.Count < size)
        {
            builder.AddToken($"[unused{builder.Tokens.Count}]", TokenType.Normal);
        }

        return new Vocabulary(builder.Tokens, specials)
        {
            Kind = TokenizerKind.Bpe,
            PreTokenizer = preTokenizer,
            Merges = builder.Merges,
            ChatTemplate = chatTemplate,
        };
    }

    /// <summary>Makes a SentencePiece vocabulary: the unknown token, BOS and EOS, 256 bytes, the other special tokens, then common pieces.</summary>
    /// <param name="specials">The special tokens.</param>
    /// <param name="addSpacePrefix">Whether a space goes before text at the start and after special tokens, as in Llama 2 but not in Gemma.</param>
    /// <param name="chatTemplate">The chat template to store.</param>
    /// <returns>The vocabulary.</returns>
    public static Vocabulary Spm(SpecialTokens specials, bool addSpacePrefix = true, string? chatTemplate = null)
    {
        ArgumentNullException.ThrowIfNull(specials);
        var builder = new SpmBuilder();
        builder.AddToken(UnknownToken, TokenType.Unknown);
        builder.AddToken(specials.Bos, specials.TypeOf(specials.Bos));
        builder.AddToken(specials.Eos, specials.TypeOf(specials.Eos));
        builder.AddBytes();

        foreach (var special in specials.All())
        {
            builder.AddToken(special, specials.TypeOf(special));
        }

        foreach (var piece in CommonPieces.Words.Concat(CommonPieces.Layout))
        {
            builder.AddPiece(piece);
        }

        for (var letter = '!'; letter <= '~'; letter++)
        {
            builder.AddPiece(letter.ToString());
        }

        return new Vocabulary(builder.Tokens, specials)
        {
            Kind = TokenizerKind.Spm,
            AddSpacePrefix = addSpacePrefix,
            Unknown = UnknownToken,
            ChatTemplate = chatTemplate,
        };
    }
}
