namespace SemanticKernel.Steering;

/// <summary>What calibrating a map set found.</summary>
/// <param name="Strengths">By how much the maps of each site were scaled; 0 for sites that were left out.</param>
/// <param name="LossBefore">The mean negative log-likelihood of a token of answers kept out of the search, without the concept, in nats.</param>
/// <param name="LossAfter">The same with the calibrated maps at strength 1; what it lies below <paramref name="LossBefore"/> is gain.</param>
public sealed record CalibrationReport(IReadOnlyDictionary<Site, double> Strengths, double LossBefore, double LossAfter);
