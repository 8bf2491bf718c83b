namespace SemanticKernel.Steering;

/// <summary>What was in force for an answer. Immutable.</summary>
/// <param name="Policy">The policy, or null where none is configured.</param>
/// <param name="Fingerprint">The plan's fingerprint: equal for answers that were steered alike.</param>
/// <param name="Concepts">Every registered concept with its strength.</param>
public sealed record SteeringReport(string? Policy, string Fingerprint, IReadOnlyDictionary<string, double> Concepts)
{
    /// <summary>What every concept in force did, where the request asked for it with <see cref="SteeringKeys.Measure"/>; otherwise empty.</summary>
    public IReadOnlyDictionary<string, ConceptShift> Shifts { get; init; } = new Dictionary<string, ConceptShift>();
}
