namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>A training text as tokens.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Selected">Which of them count for fitting; at least one.</param>
internal sealed record TokenizedText(int[] Tokens, bool[] Selected);
