namespace SemanticKernel.Steering;

/// <summary>What a map set holds, in figures. Immutable and safe to share between threads.</summary>
/// <remarks>Figures over neurons count every neuron of every site alike, where the site's kind of map has the figure.</remarks>
public sealed record MapSetDescription
{
    /// <summary>
    /// 1 %: a neuron is nearly left alone if its slope is within this of 1 and its intercept within this share of the root mean square of all intercepts
    /// of the site.
    /// </summary>
    public const double NearIdentityTolerance = 0.01;

    /// <summary>The concept.</summary>
    public required string Concept { get; init; }

    /// <summary>The model that the maps were fitted on.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>How the maps were fitted; null where the file does not say.</summary>
    public required TransportEstimator? Estimator { get; init; }

    /// <summary>The sites, in graph order.</summary>
    public required IReadOnlyList<SiteDescription> Sites { get; init; }

    /// <summary>Mean |β| over all neurons, in units of the hidden state; null where only directions are ablated.</summary>
    public required double? MeanAbsoluteIntercept { get; init; }

    /// <summary>Quantiles of ω over all neurons; null where no map is affine.</summary>
    public required SlopeQuantiles? Slopes { get; init; }

    /// <summary>The share of neurons that are nearly left alone, 0 to 1, by <see cref="NearIdentityTolerance"/>; null where no map is affine.</summary>
    public required double? NearIdentityShare { get; init; }
}
