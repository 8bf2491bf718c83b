namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>A place where one of the texts of a <see cref="TextTrie"/> stands.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="Length">Its length in characters.</param>
/// <param name="Value">The value stored with it.</param>
internal readonly record struct TextMatch(int Start, int Length, int Value)
{
    internal int End => Start + Length;
}
