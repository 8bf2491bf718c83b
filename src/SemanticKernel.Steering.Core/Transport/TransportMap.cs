namespace SemanticKernel.Steering;

/// <summary>The transport maps of one site, T(x) = slope · x + intercept per neuron, each acting only within its support.</summary>
/// <remarks>Immutable and safe to share between threads. All spans have <see cref="Width"/> values. Source: paper section 3.</remarks>
public sealed class TransportMap : SiteMap
{
    private readonly ReadOnlyMemory<float> _slope;
    private readonly ReadOnlyMemory<float> _intercept;
    private readonly ReadOnlyMemory<float> _low;
    private readonly ReadOnlyMemory<float> _high;

    /// <summary>Creates a map that acts on every value.</summary>
    /// <param name="slope">One slope per neuron, finite; 1 with an intercept of 0 leaves the neuron alone.</param>
    /// <param name="intercept">One intercept per neuron, finite, in units of the hidden state.</param>
    /// <exception cref="ArgumentException">The spans are empty or differ in length, or a value is NaN or infinite.</exception>
    public TransportMap(ReadOnlySpan<float> slope, ReadOnlySpan<float> intercept)
        : this(slope, intercept, [], [])
    {
    }

    /// <summary>Creates a map from its values, for example to import one from elsewhere.</summary>
    /// <param name="slope">One slope per neuron, finite; 1 with an intercept of 0 leaves the neuron alone.</param>
    /// <param name="intercept">One intercept per neuron, finite, in units of the hidden state.</param>
    /// <param name="supportLow">The lower bound per neuron, included; empty, or −∞ throughout, for an unbounded map.</param>
    /// <param name="supportHigh">The upper bound per neuron, included; empty, or +∞ throughout, for an unbounded map.</param>
    /// <exception cref="ArgumentException">
    /// Lengths differ, a slope or intercept is NaN or infinite, a bound is NaN or infinite while others are not, or a lower bound lies above its upper one.
    /// </exception>
    public TransportMap(
        ReadOnlySpan<float> slope,
        ReadOnlySpan<float> intercept,
        ReadOnlySpan<float> supportLow,
        ReadOnlySpan<float> supportHigh)
        : this((ReadOnlyMemory<float>)slope.ToArray(), intercept.ToArray(), supportLow.ToArray(), supportHigh.ToArray())
    {
    }

    private TransportMap(ReadOnlyMemory<float> slope, ReadOnlyMemory<float> intercept, ReadOnlyMemory<float> low, ReadOnlyMemory<float> high)
    {
        if (slope.Length == 0 || intercept.Length != slope.Length)
        {
            throw new ArgumentException($"A map needs as many slopes as intercepts and at least one, not {slope.Length} and {intercept.Length}.", nameof(slope));
        }

        MapValues.CheckFinite(slope.Span, nameof(slope));
        MapValues.CheckFinite(intercept.Span, nameof(intercept));
        IsUnbounded = MapValues.CheckSupport(low.Span, high.Span, slope.Length);
        (_slope, _intercept) = (slope, intercept);
        (_low, _high) = IsUnbounded ? MapValues.Everything(slope.Length) : (low, high);
        IsIdentity = !Slope.ContainsAnyExcept(1f) && !Intercept.ContainsAnyExcept(0f);
    }

    /// <inheritdoc/>
    public override int Width => _slope.Length;

    /// <summary>The slope ω of each neuron.</summary>
    public ReadOnlySpan<float> Slope => _slope.Span;

    /// <summary>The intercept β of each neuron, in units of the hidden state.</summary>
    public ReadOnlySpan<float> Intercept => _intercept.Span;

    /// <summary>The lower bound of each neuron's support, included; −∞ throughout for an unbounded map.</summary>
    public ReadOnlySpan<float> SupportLow => _low.Span;

    /// <summary>The upper bound of each neuron's support, included; +∞ throughout for an unbounded map.</summary>
    public ReadOnlySpan<float> SupportHigh => _high.Span;

    /// <inheritdoc/>
    public override bool IsUnbounded { get; }

    /// <inheritdoc/>
    public override bool IsIdentity { get; }

    /// <summary>Whether the map only ever adds its intercepts: every slope is 1 and it acts on every value.</summary>
    public bool IsAdditive => IsUnbounded && !Slope.ContainsAnyExcept(1f);

    internal override string Operation => MapSetKeys.AffineValue;

    /// <summary>Creates a map out of memory that nobody writes to any more, without copying it; empty bounds for an unbounded map.</summary>
    /// <exception cref="ArgumentException">As for the public constructor.</exception>
    internal static TransportMap Own(ReadOnlyMemory<float> slope, ReadOnlyMemory<float> intercept, ReadOnlyMemory<float> low, ReadOnlyMemory<float> high) =>
        new(slope, intercept, low, high);

    /// <summary>Fits the affine maps of one site. Depends on the order of the samples only for <see cref="FitOptions.Paired"/>, and on no number of cores.</summary>
    /// <param name="source">The samples to carry over, <c>[n × width]</c>.</param>
    /// <param name="target">The samples to carry onto, <c>[m × width]</c>; n and m may differ, except for Linear in reference mode.</param>
    /// <param name="options">How to fit.</param>
    /// <returns>The maps.</returns>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    /// <exception cref="SteeringFitException">
    /// There are too few or unequally many samples, a needed token sketch is missing, a result is not finite, or the options ask for what is no affine
    /// map; <see cref="SiteMap.Fit"/> makes those.
    /// </exception>
    public static new TransportMap Fit(ActivationSamples source, ActivationSamples target, FitOptions options) => FitCancellable(source, target, options, CancellationToken.None);

    /// <summary>As <see cref="Fit"/>, until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal static new TransportMap FitCancellable(ActivationSamples source, ActivationSamples target, FitOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        if (source.Width != target.Width)
        {
            throw new ArgumentException($"The source has width {source.Width}, the target {target.Width}.", nameof(target));
        }

        if (options.PreserveNorm)
        {
            throw new SteeringFitException($"A shift that preserves norms is no affine map; {nameof(SiteMap)}.{nameof(SiteMap.Fit)} makes it.");
        }

        return DirectionFitter.Fits(options.Estimator) ? DirectionFitter.FitShift(source, target, options, cancellationToken) : new MapFitter(source, target, options).Fit();
    }

    internal override SteeringOperation? Compile(double strength, SteeringScope scope, Site site) => new OperationBuilder(this, strength, scope).Build(site);

    private protected override void ApplyCore(Span<float> row, float strength)
    {
        var slope = Slope;
        var intercept = Intercept;
        var low = SupportLow;
        var high = SupportHigh;
        for (var i = 0; i < row.Length; i++)
        {
            var step = AffineStep.Of(slope[i], intercept[i], strength);
            if (row[i] >= low[i] && row[i] <= high[i])
            {
                row[i] = (row[i] * step.Scale) + step.Offset;
            }

            if (!float.IsFinite(row[i]))
            {
                throw new NotFiniteNumberException($"Neuron {i} became {row[i]} at strength {strength}.", row[i]);
            }
        }
    }
}
