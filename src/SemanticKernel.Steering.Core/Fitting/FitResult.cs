namespace SemanticKernel.Steering;

/// <summary>A fitted map set, and how far it can be trusted.</summary>
/// <param name="Maps">The map set, ready to be saved or registered.</param>
/// <param name="Trust">How the maps did on the texts that were held out; null if <see cref="FitOptions.HeldOutShare"/> is 0.</param>
public sealed record FitResult(MapSet Maps, TrustReport? Trust);
