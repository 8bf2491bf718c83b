namespace SemanticKernel.Steering;

/// <summary>How the state of apple/ml-act is imported. Immutable and safe to share between threads.</summary>
public sealed record ActStateImportOptions
{
    /// <summary>The concept that the maps were fitted for; see <see cref="ConceptName"/>. Files do not say.</summary>
    public required string Concept { get; init; }

    /// <summary>The model to be steered: that of the maps, converted for llama.cpp. Files do not say which one they were made for.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>Sites by module name, for modules of architectures that are not known by themselves.</summary>
    /// <value>The default is empty: module names are those of Hugging Face's models of the same architecture.</value>
    public IReadOnlyDictionary<string, Site> Sites { get; init; } = new Dictionary<string, Site>();

    /// <summary>Which tokens the maps steer. The reference steers all, a beginning-of-sequence token included, which this library never does.</summary>
    /// <value>The default is <see cref="SteeringScope.All"/>.</value>
    public SteeringScope Scope { get; init; } = SteeringScope.All;

    /// <summary>The largest accepted size of the file, in bytes.</summary>
    /// <value>The default is <see cref="MapSet.DefaultMaxBytes"/>.</value>
    public long MaxBytes { get; init; } = MapSet.DefaultMaxBytes;
}
