namespace SemanticKernel.Steering;

/// <summary>Adds a vector to the hidden states of a site and gives every state its former L2 norm back: y = (x + strength · v) · |x| / |x + strength · v|.</summary>
/// <remarks>
/// Source: the <c>normalize</c> option of repeng's <c>ControlModel.set_control</c> (github.com/vgel/repeng), for steering vectors after ActAdd
/// (arXiv 2308.10248). Large strengths turn states towards v instead of blowing them up. Immutable and safe to share between threads.
/// </remarks>
public sealed class NormPreservingShift : SiteMap
{
    private readonly float[] _shift;

    /// <summary>Creates a shift.</summary>
    /// <param name="shift">What is added at strength 1: one value per neuron, all finite, in units of the hidden state.</param>
    /// <exception cref="ArgumentException">The shift is empty, or a value is NaN or infinite.</exception>
    public NormPreservingShift(ReadOnlySpan<float> shift)
    {
        _shift = SteeringVector.Copy(shift, nameof(shift));
        IsIdentity = !shift.ContainsAnyExcept(0f);
    }

    /// <summary>What is added at strength 1, in units of the hidden state.</summary>
    public ReadOnlySpan<float> Shift => _shift;

    /// <inheritdoc/>
    public override int Width => _shift.Length;

    /// <inheritdoc/>
    public override bool IsIdentity { get; }

    internal override string Operation => MapSetKeys.NormPreservingShiftValue;

    private protected override void ApplyCore(Span<float> row, float strength) => WholeStates.Apply(this, row, strength);

    internal override SteeringOperation? Compile(double strength, SteeringScope scope, Site site) =>
        IsIdentity || strength == 0 ? null : new NormPreservingOperation(scope, SteeringVector.Compiled(_shift, strength, site));
}
