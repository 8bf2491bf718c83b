namespace SemanticKernel.Steering;

/// <summary>A map set whose strength 1 is the one at which the target texts are most likely.</summary>
/// <param name="Maps">The map set: every site scaled by its strength, sites without effect left out.</param>
/// <param name="Strengths">By how much each site was scaled.</param>
/// <param name="LossBefore">The mean negative log-likelihood of a token of the held-out answers without the concept, in nats.</param>
/// <param name="LossAfter">The same with the calibrated maps at strength 1; what is below <paramref name="LossBefore"/> is gain.</param>
public sealed record CalibrationResult(MapSet Maps, IReadOnlyDictionary<Site, double> Strengths, double LossBefore, double LossAfter);
