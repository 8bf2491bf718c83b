namespace SemanticKernel.Steering;

/// <summary>What a map set knows about itself. Immutable and safe to share between threads.</summary>
/// <remarks>Values that describe how the maps were made are null where a file does not state them, as with maps made by other tools.</remarks>
public sealed record MapSetMetadata
{
    /// <summary>The concept that the maps were fitted for; see <see cref="ConceptName"/>.</summary>
    public required string Concept { get; init; }

    /// <summary>The model that the maps were fitted on.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>Which tokens the maps steer.</summary>
    /// <value>The default is <see cref="SteeringScope.All"/>.</value>
    public SteeringScope Scope { get; init; } = SteeringScope.All;

    /// <summary>The recommended strength: advice that never weakens a policy. Null for none.</summary>
    public double? RecommendedStrength { get; init; }

    /// <summary>The SHA-256 of the chat template that the training texts were rendered with, in hexadecimal; null if none was used.</summary>
    public string? ChatTemplateSha256 { get; init; }

    /// <summary>How the maps were fitted.</summary>
    public TransportEstimator? Estimator { get; init; }

    /// <summary>How strictly fitting followed the reference.</summary>
    public FitMode? Mode { get; init; }

    /// <summary>In which state of the model the sites were fitted.</summary>
    public FitOrder? Order { get; init; }

    /// <summary>Which texts ran through earlier maps; for causal fits.</summary>
    public CausalSides? CausalSides { get; init; }

    /// <summary>How tokens became samples.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Which tokens counted.</summary>
    public TokenSelection? Tokens { get; init; }

    /// <summary>Whether slopes were drawn towards 1.</summary>
    public Shrinkage? Shrinkage { get; init; }

    /// <summary>The share of the texts that the maps were not fitted on but tried on.</summary>
    public double? HeldOutShare { get; init; }

    /// <summary>The number of source texts, those held out included.</summary>
    public int? SourceCount { get; init; }

    /// <summary>The number of target texts, those held out included.</summary>
    public int? TargetCount { get; init; }

    /// <summary>The SHA-256 of the training texts, in hexadecimal; see <see cref="ConceptData.DataHash"/>.</summary>
    public string? DataSha256 { get; init; }

    /// <summary>When the maps were fitted; stored in UTC, to the second.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The program that made the file, with its version.</summary>
    public string? Tool { get; init; }
}
