namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>A concept and where its maps come from.</summary>
internal sealed record ConceptRegistration(string Name, Func<MapSet> Load);
