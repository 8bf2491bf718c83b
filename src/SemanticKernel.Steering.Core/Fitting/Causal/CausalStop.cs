namespace SemanticKernel.Steering;

/// <summary>A site at which the texts of a causal fit stand still, and what is seen there.</summary>
/// <param name="Site">The site.</param>
/// <param name="Fit">The samples to fit on. Valid until the texts go on.</param>
/// <param name="HeldOut">Samples to try the map on, if some were held out. Valid until the texts go on.</param>
internal sealed record CausalStop(Site Site, SiteSamples Fit, SiteSamples? HeldOut);
