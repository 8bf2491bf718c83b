namespace SemanticKernel.Steering.TestModels;

/// <summary>Token types, with their codes in a GGUF file.</summary>
public enum TokenType
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>The token for what cannot be tokenised.</summary>
    Unknown = 2,

    /// <summary>A marker that is matched in text only when special tokens are parsed.</summary>
    Control = 3,

    /// <summary>A piece that is always matched in text, before the tokenizer proper runs.</summary>
    UserDefined = 4,

    /// <summary>One byte.</summary>
    Byte = 6,
}
