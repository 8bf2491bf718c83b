namespace SemanticKernel.Steering.TestModels;

/// <summary>One token of a vocabulary under construction.</summary>
internal readonly record struct VocabularyToken(string Text, TokenType Type, float Score = 0);
