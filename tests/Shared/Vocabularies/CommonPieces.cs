namespace SemanticKernel.Steering.TestModels;

/// <summary>The texts that tiny vocabularies hold as one token, most important first.</summary>
internal static class CommonPieces
{
    /// <summary>Words, with and without a space before them.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        " the", " and", " you", " to", " of", " is", " in", " it", "ing", "er",
        "Hello", " Hello", "hello", " hello", " world", "What", " What", "You", " You", " are", " kind",
        "user", "assistant", "system", "model", "User", "Assistant", " Assistant", "Human",
        "I", " I", " am", "The", " The", " not", " good", " bad",
    ];

    /// <summary>White space and the brackets, colons and capitals that plain-text templates are made of.</summary>
    public static IReadOnlyList<string> Layout { get; } =
    [
        "  ", "    ", "\n\n", "INST", " [", "[/", " [/", "<<", ">>", " <", "<|", "|>", "</",
        "SYS", "USER", "ASSISTANT", "###", " ###", "GPT", "Instruction", " Instruction", "Response",
    ];

    /// <summary>Pieces that reach from a sentence's end into the lines after it; only byte-level vocabularies have them.</summary>
    public static IReadOnlyList<string> LineEnds { get; } =
        [" \n", ".\n", ".\n\n", "!\n", "!\n\n", "?\n", "?\n\n", ":\n", ":\n\n", "]\n", ">\n", " \n\n"];
}
