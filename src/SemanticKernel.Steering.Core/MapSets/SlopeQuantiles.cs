namespace SemanticKernel.Steering;

/// <summary>Quantiles of the slopes ω, by linear interpolation at (n − 1)·q. Below 1 a neuron's values are drawn together, above 1 apart.</summary>
/// <param name="Minimum">The smallest slope.</param>
/// <param name="Percent5">5 % of the slopes lie below.</param>
/// <param name="Median">Half of the slopes lie below.</param>
/// <param name="Percent95">95 % of the slopes lie below.</param>
/// <param name="Maximum">The largest slope.</param>
public sealed record SlopeQuantiles(double Minimum, double Percent5, double Median, double Percent95, double Maximum);
