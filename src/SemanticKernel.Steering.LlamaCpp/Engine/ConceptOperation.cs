namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>What one concept by itself does at a site.</summary>
/// <param name="Concept">The concept's name.</param>
/// <param name="Operation">The operation.</param>
internal readonly record struct ConceptOperation(string Concept, SteeringOperation Operation);
