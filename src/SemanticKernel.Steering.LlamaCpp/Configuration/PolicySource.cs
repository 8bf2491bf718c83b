namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>A configured policy before its order is judged against the maps.</summary>
/// <param name="Name">The policy.</param>
/// <param name="ConfigurationPath">Its place in the configuration, for messages.</param>
/// <param name="Listed">The concepts it lists, those with mistakes included.</param>
/// <param name="Rules">Its rules, sorted by concept: a configuration does not keep the order of a file.</param>
/// <param name="Order">The order in which the concepts act, or null.</param>
/// <param name="Exclusive">Groups of which one concept may be steered.</param>
internal sealed record PolicySource(
    string Name,
    string ConfigurationPath,
    IReadOnlyList<string> Listed,
    IReadOnlyList<ConceptPolicy> Rules,
    IReadOnlyList<string>? Order,
    IReadOnlyList<IReadOnlyList<string>> Exclusive);
