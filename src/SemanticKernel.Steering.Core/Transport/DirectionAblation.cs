namespace SemanticKernel.Steering;

/// <summary>Takes the part along one direction out of the hidden states of a site: y = x − strength · d · (d·x) with a direction d of length 1.</summary>
/// <remarks>
/// Source: Arditi et al. 2024, "Refusal in Language Models Is Mediated by a Single Direction" (arXiv 2406.11717), section 2.4. At strength 1 nothing is
/// left along d, at 2 the state is mirrored, below 0 the part along d grows. Immutable and safe to share between threads.
/// </remarks>
public sealed class DirectionAblation : SiteMap
{
    // A direction rounded to single precision misses length 1 by far less; anything further off is another vector.
    private const double LengthTolerance = 1e-4;

    private readonly float[] _direction;

    /// <summary>Creates an ablation.</summary>
    /// <param name="direction">One value per neuron, all finite, of L2 length 1; zero throughout for an ablation that does nothing.</param>
    /// <exception cref="ArgumentException">The direction is empty, has another length, or a value is NaN or infinite.</exception>
    public DirectionAblation(ReadOnlySpan<float> direction)
    {
        _direction = SteeringVector.Copy(direction, nameof(direction));
        IsIdentity = !direction.ContainsAnyExcept(0f);
        var norm = SteeringVector.Norm(direction);
        if (!IsIdentity && !(Math.Abs(norm - 1) <= LengthTolerance))
        {
            throw new ArgumentException($"A direction has length 1, not {norm}; use {nameof(Along)} for vectors of any length.", nameof(direction));
        }
    }

    /// <summary>The direction, of length 1, or zero throughout.</summary>
    public ReadOnlySpan<float> Direction => _direction;

    /// <inheritdoc/>
    public override int Width => _direction.Length;

    /// <inheritdoc/>
    public override bool IsIdentity { get; }

    internal override string Operation => MapSetKeys.AblationValue;

    /// <summary>Creates an ablation along a vector of any length.</summary>
    /// <param name="vector">One value per neuron, all finite; zero throughout for an ablation that does nothing.</param>
    /// <returns>The ablation.</returns>
    /// <exception cref="ArgumentException">The vector is empty, or a value is NaN or infinite.</exception>
    public static DirectionAblation Along(ReadOnlySpan<float> vector) => new(SteeringVector.Unit(SteeringVector.Copy(vector, nameof(vector))));

    private protected override void ApplyCore(Span<float> row, float strength) => WholeStates.Apply(this, row, strength);

    internal override SteeringOperation? Compile(double strength, SteeringScope scope, Site site) =>
        IsIdentity || strength == 0 ? null : new AblationOperation(scope, _direction, SteeringVector.Compiled(_direction, -strength, site));
}
