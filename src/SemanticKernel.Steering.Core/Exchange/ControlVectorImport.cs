namespace SemanticKernel.Steering;

/// <summary>An imported control vector. Immutable and safe to share between threads.</summary>
/// <param name="Maps">The maps: shifts of block outputs, or ablations of directions for GLP files that project.</param>
/// <param name="Sources">How each file was understood, in the order given.</param>
/// <param name="Warnings">What should be known before the maps are used, one sentence or two each; none for a file that leaves no doubt.</param>
public sealed record ControlVectorImport(MapSet Maps, IReadOnlyList<ControlVectorSource> Sources, IReadOnlyList<string> Warnings);
