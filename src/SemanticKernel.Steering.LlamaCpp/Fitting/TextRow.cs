using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>A row of a batch of training texts.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsSelected">Whether the token counts for fitting.</param>
/// <param name="IsLastOfText">Whether the text ends here.</param>
/// <param name="IsSteered">Whether the text is sent through maps at all.</param>
/// <param name="Kind">What the token is to steering scopes.</param>
internal readonly record struct TextRow(int Text, bool IsSelected, bool IsLastOfText, bool IsSteered, RowKind Kind)
{
    /// <summary>Whether the token is sent through a map of a scope.</summary>
    internal bool IsWithin(SteeringScope scope) => IsSteered && SteeringCallback.Steers(scope, Kind);
}
