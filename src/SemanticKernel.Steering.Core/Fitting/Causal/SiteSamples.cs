namespace SemanticKernel.Steering;

/// <summary>What both sets of texts look like at a site.</summary>
internal sealed record SiteSamples(Site Site, ActivationSamples Source, ActivationSamples Target);
