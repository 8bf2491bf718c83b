namespace SemanticKernel.Steering;

/// <summary>What a map set does at one site, in figures. Immutable and safe to share between threads.</summary>
public sealed record SiteDescription
{
    /// <summary>The site.</summary>
    public required Site Site { get; init; }

    /// <summary>The kind of map by its name in files: <c>affine</c>, <c>direction_ablation</c> or <c>norm_preserving_shift</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The number of neurons.</summary>
    public required int Width { get; init; }

    /// <summary>Whether the map acts only within bounds.</summary>
    public required bool IsBounded { get; init; }

    /// <summary>Whether the map leaves every state alone.</summary>
    public required bool IsIdentity { get; init; }

    /// <summary>Mean |β|, or of a shift the mean of what is added, in units of the hidden state; null for an ablation.</summary>
    public required double? MeanAbsoluteIntercept { get; init; }

    /// <summary>Quantiles of ω; null unless the map is affine.</summary>
    public required SlopeQuantiles? Slopes { get; init; }

    /// <summary>The share of neurons that are nearly left alone, 0 to 1, by <see cref="MapSetDescription.NearIdentityTolerance"/>; null unless the map is affine.</summary>
    public required double? NearIdentityShare { get; init; }
}
