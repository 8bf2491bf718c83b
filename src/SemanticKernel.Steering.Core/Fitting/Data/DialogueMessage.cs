namespace SemanticKernel.Steering;

/// <summary>One message of a training dialogue.</summary>
/// <param name="Role">Who speaks, for example <c>user</c>; the fitter refuses roles that the chat template does not know.</param>
/// <param name="Content">What is said; treated as plain text, never as template markers.</param>
public sealed record DialogueMessage(string Role, string Content);
