namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Where a configured concept's maps come from.</summary>
/// <param name="Name">The concept.</param>
/// <param name="ConfigurationPath">Its place in the configuration, for messages.</param>
/// <param name="MapPath">The map set file, a full path.</param>
/// <param name="Sha256">The hash its bytes must have, in lower-case hex, or null for any.</param>
internal sealed record ConceptSource(string Name, string ConfigurationPath, string MapPath, string? Sha256);
