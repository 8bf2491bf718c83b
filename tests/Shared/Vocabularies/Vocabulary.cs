namespace SemanticKernel.Steering.TestModels;

/// <summary>A tokenizer as a GGUF file describes it. Made by <see cref="TinyVocabulary"/>.</summary>
public sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;

    internal Vocabulary(IReadOnlyList<VocabularyToken> tokens, SpecialTokens specials)
    {
        Tokens = [.. tokens.Select(token => token.Text)];
        Types = [.. tokens.Select(token => token.Type)];
        Scores = [.. tokens.Select(token => token.Score)];
        Specials = specials;
        _ids = Tokens.Select((text, id) => (text, id)).ToDictionary(token => token.text, token => token.id, StringComparer.Ordinal);
    }

    /// <summary>The kind of tokenizer.</summary>
    public required TokenizerKind Kind { get; init; }

    /// <summary>Token texts by id, as stored in the file.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Token types by id.</summary>
    public IReadOnlyList<TokenType> Types { get; }

    /// <summary>The special tokens the vocabulary was made with.</summary>
    public SpecialTokens Specials { get; }

    /// <summary>The Jinja text stored as the model's chat template, if any.</summary>
    public string? ChatTemplate { get; init; }

    internal IReadOnlyList<float> Scores { get; }

    internal string? PreTokenizer { get; init; }

    internal IReadOnlyList<string>? Merges { get; init; }

    internal bool AddSpacePrefix { get; init; }

    internal string? Unknown { get; init; }

    /// <summary>Finds a token.</summary>
    /// <param name="text">The token's text as stored in the file.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="KeyNotFoundException">There is no such token.</exception>
    public int Find(string text) => _ids[text];

    internal void AddTo(GgufWriter writer)
    {
        writer
            .Add("tokenizer.ggml.model", Kind == TokenizerKind.Bpe ? "gpt2" : "llama")
            .AddArray("tokenizer.ggml.tokens", Tokens)
            .AddArray("tokenizer.ggml.token_type", [.. Types.Select(type => (int)type)])
            .Add("tokenizer.ggml.bos_token_id", (uint)Find(Specials.Bos))
            .Add("tokenizer.ggml.eos_token_id", (uint)Find(Specials.Eos))
            .Add("tokenizer.ggml.add_bos_token", Specials.AddBos)
            .Add("tokenizer.ggml.add_eos_token", false);
        if (Kind == TokenizerKind.Bpe)
        {
            writer.Add("tokenizer.ggml.pre", PreTokenizer!).AddArray("tokenizer.ggml.merges", Merges!);
        }
        else
        {
            writer
                .AddArray("tokenizer.ggml.scores", [.. Scores])
                .Add("tokenizer.ggml.add_space_prefix", AddSpacePrefix)
                .Add("tokenizer.ggml.unknown_token_id", (uint)Find(Unknown!));
        }

        if (Specials.Eot is { } eot)
        {
            writer.Add("tokenizer.ggml.eot_token_id", (uint)Find(eot));
        }

        if (ChatTemplate is { } template)
        {
            writer.Add("tokenizer.chat_template", template);
        }
    }
}
