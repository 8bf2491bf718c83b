namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>The part of a configuration that may change while the engine runs: concepts and policies.</summary>
/// <param name="Path">The place of the section, for messages.</param>
/// <param name="Concepts">The concepts.</param>
/// <param name="Policies">The policies.</param>
/// <param name="DefaultPolicy">The policy of requests that name none.</param>
/// <param name="OnViolation">What happens when a request asks for too much.</param>
internal sealed record SteeringConfiguration(
    string Path,
    IReadOnlyList<ConceptSource> Concepts,
    IReadOnlyList<PolicySource> Policies,
    string? DefaultPolicy,
    PolicyViolation OnViolation);
