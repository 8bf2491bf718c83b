namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>A concept an engine can steer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RecommendedStrength">The strength recommended by whoever fitted its maps, or null.</param>
/// <param name="ContentHash">SHA-256 of its map set, in lower-case hex.</param>
public sealed record ConceptInfo(string Name, double? RecommendedStrength, string ContentHash);
