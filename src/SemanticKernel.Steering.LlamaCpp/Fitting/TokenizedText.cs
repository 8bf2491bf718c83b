using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>A training text as tokens.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Selected">Which of them count for fitting; at least one.</param>
/// <param name="Kinds">What each of them would be to steering scopes in a chat.</param>
/// <param name="Weight">How much the text counts.</param>
internal sealed record TokenizedText(int[] Tokens, bool[] Selected, RowKind[] Kinds, double Weight);
