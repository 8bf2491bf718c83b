namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>A token and the characters of its <see cref="TextRun"/> that it holds, whole or in part; none if it is a space the tokenizer added.</summary>
/// <param name="Id">The token.</param>
/// <param name="Start">Index of the first character.</param>
/// <param name="End">Index after the last character.</param>
internal readonly record struct PlacedToken(int Id, int Start, int End);
