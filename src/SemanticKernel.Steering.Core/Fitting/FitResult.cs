namespace SemanticKernel.Steering;

/// <summary>A fitted map set, and what is known of how good it is.</summary>
/// <param name="Maps">The map set, ready to be saved or registered.</param>
/// <param name="Trust">How the maps did, before any calibration, on the texts that were held out; null if <see cref="FitOptions.HeldOutShare"/> is 0.</param>
/// <param name="Calibration">What calibrating found; null without <see cref="FitOptions.Calibration"/>.</param>
public sealed record FitResult(MapSet Maps, TrustReport? Trust, CalibrationReport? Calibration);
