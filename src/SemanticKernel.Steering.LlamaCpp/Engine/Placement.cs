namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Where a request goes.</summary>
/// <param name="Slot">The slot it gets.</param>
/// <param name="Source">The slot its prompt is shared with, if that is another one.</param>
/// <param name="Shared">How many tokens at the start of its prompt need not be computed.</param>
internal readonly record struct Placement(Slot Slot, Slot? Source, int Shared);
