namespace SemanticKernel.Steering;

/// <summary>A map set whose strength 1 is the one at which the target texts are most likely.</summary>
/// <param name="Maps">The map set: every site scaled by its strength, sites without effect left out.</param>
/// <param name="Report">What was found.</param>
public sealed record CalibrationResult(MapSet Maps, CalibrationReport Report);
