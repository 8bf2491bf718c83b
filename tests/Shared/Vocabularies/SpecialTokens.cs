namespace SemanticKernel.Steering.TestModels;

/// <summary>The tokens of a vocabulary that are not made of ordinary text.</summary>
public sealed record SpecialTokens
{
    /// <summary>The beginning-of-sequence token. Becomes a control token if it is in no list.</summary>
    public required string Bos { get; init; }

    /// <summary>The end-of-sequence token, which may be <see cref="Bos"/>. Becomes a control token if it is in no list.</summary>
    public required string Eos { get; init; }

    /// <summary>The end-of-turn token, which is in one of the lists.</summary>
    /// <value>Default: none is declared (llama.cpp still knows some by their text).</value>
    public string? Eot { get; init; }

    /// <summary>Whether tokenising with special tokens puts <see cref="Bos"/> first.</summary>
    /// <value>Default: false.</value>
    public bool AddBos { get; init; }

    /// <summary>Tokens of type <see cref="TokenType.Control"/>.</summary>
    public IReadOnlyList<string> Control { get; init; } = [];

    /// <summary>Tokens of type <see cref="TokenType.UserDefined"/>.</summary>
    public IReadOnlyList<string> UserDefined { get; init; } = [];

    internal TokenType TypeOf(string token) => UserDefined.Contains(token) ? TokenType.UserDefined : TokenType.Control;

    internal IEnumerable<string> All() => Control.Concat(UserDefined).Prepend(Eos).Prepend(Bos).Distinct();
}
