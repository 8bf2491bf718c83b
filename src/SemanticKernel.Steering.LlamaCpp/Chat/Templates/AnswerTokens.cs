namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>The tokens of one answer within a prompt.</summary>
/// <param name="Turn">Index of the turn.</param>
/// <param name="Content">Tokens that hold its content; empty if the content is.</param>
/// <param name="EndOfTurn">Index of the end-of-generation token that closes it, or null if the template writes none.</param>
internal readonly record struct AnswerTokens(int Turn, Range Content, int? EndOfTurn);
