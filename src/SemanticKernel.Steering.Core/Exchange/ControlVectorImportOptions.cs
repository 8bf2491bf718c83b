namespace SemanticKernel.Steering;

/// <summary>How control vectors are imported. Immutable and safe to share between threads.</summary>
public sealed record ControlVectorImportOptions
{
    /// <summary>The concept that the vector stands for; see <see cref="ConceptName"/>. Files do not say.</summary>
    public required string Concept { get; init; }

    /// <summary>The model to be steered. Files do not say which one they were made for; width and number of blocks must fit.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>Which block <c>direction.N</c> belongs to.</summary>
    /// <value>
    /// The default is null: by the writer that the file shows, <see cref="LayerConvention.BlockBefore"/> for cvector-generator and jukofyork and
    /// <see cref="LayerConvention.SameBlock"/> for all others. <see cref="LayerConvention.SameBlock"/> gives what llama.cpp does with any file.
    /// </value>
    public LayerConvention? Layers { get; init; }

    /// <summary>Whether a tensor <c>direction.0</c> is left out. llama.cpp refuses files that have one; EasySteer writes them.</summary>
    /// <value>The default is false: such files are refused.</value>
    public bool DropDirectionZero { get; init; }

    /// <summary>Which tokens the maps steer. A beginning-of-sequence token is steered by llama.cpp and never by this library.</summary>
    /// <value>The default is <see cref="SteeringScope.All"/>.</value>
    public SteeringScope Scope { get; init; } = SteeringScope.All;

    /// <summary>The largest accepted size of a file, in bytes.</summary>
    /// <value>The default is <see cref="MapSet.DefaultMaxBytes"/>.</value>
    public long MaxBytes { get; init; } = MapSet.DefaultMaxBytes;
}
