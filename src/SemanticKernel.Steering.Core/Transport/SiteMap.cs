namespace SemanticKernel.Steering;

/// <summary>What a map set does to the hidden states of one site: an affine map per neuron, or an operation on whole states.</summary>
/// <remarks>Immutable and safe to share between threads. The kinds are closed: files that ask for others are refused.</remarks>
public abstract class SiteMap
{
    private protected SiteMap()
    {
    }

    /// <summary>The number of neurons.</summary>
    public abstract int Width { get; }

    /// <summary>Whether the map leaves every state alone.</summary>
    public abstract bool IsIdentity { get; }

    /// <summary>Whether the map acts on every value.</summary>
    public virtual bool IsUnbounded => true;

    /// <summary>The name under which the kind stands in files.</summary>
    internal abstract string Operation { get; }

    /// <summary>Moves a hidden state in place. Strength 0 leaves every bit as it is. Computes exactly what a plan with this map alone computes.</summary>
    /// <param name="row">One value per neuron.</param>
    /// <param name="strength">0 does nothing, 1 acts fully, above 1 goes further, below 0 moves away.</param>
    /// <exception cref="ArgumentException">The row has another width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The strength is NaN or infinite.</exception>
    /// <exception cref="NotFiniteNumberException">A result is NaN or infinite; the row's contents are then undefined.</exception>
    public void Apply(Span<float> row, float strength)
    {
        if (row.Length != Width)
        {
            throw new ArgumentException($"The map has width {Width}, the row {row.Length}.", nameof(row));
        }

        if (!float.IsFinite(strength))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "A strength must be finite.");
        }

        if (strength != 0)
        {
            ApplyCore(row, strength);
        }
    }

    /// <summary>Fits what the options' estimator makes for one site.</summary>
    /// <param name="source">The samples to carry over, <c>[n × width]</c>.</param>
    /// <param name="target">The samples to carry onto, <c>[m × width]</c>.</param>
    /// <param name="options">How to fit.</param>
    /// <returns>
    /// A <see cref="DirectionAblation"/> for <see cref="TransportEstimator.DirectionAblation"/>, a <see cref="NormPreservingShift"/> where
    /// <see cref="FitOptions.PreserveNorm"/> asks for it, otherwise a <see cref="TransportMap"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    /// <exception cref="SteeringFitException">The samples or options cannot be used together, or a result is not finite.</exception>
    public static SiteMap Fit(ActivationSamples source, ActivationSamples target, FitOptions options) => FitCancellable(source, target, options, CancellationToken.None);

    /// <summary>As <see cref="Fit"/>, until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal static SiteMap FitCancellable(ActivationSamples source, ActivationSamples target, FitOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Estimator == TransportEstimator.DirectionAblation)
        {
            return DirectionFitter.FitAblation(source, target, options);
        }

        var map = TransportMap.FitCancellable(source, target, options with { PreserveNorm = false }, cancellationToken);
        if (!options.PreserveNorm)
        {
            return map;
        }

        return map.IsAdditive
            ? new NormPreservingShift(map.Intercept)
            : throw new SteeringFitException($"A state's norm can be preserved by shifts only, and {options.Estimator} with support '{options.Support}' gives none.");
    }

    /// <summary>Fits many sites, on all cores. Results do not depend on how the work was spread.</summary>
    /// <param name="samples">The samples of each site.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="progress">Hears how many sites are done, if given.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One map per site, as <see cref="Fit(ActivationSamples, ActivationSamples, FitOptions)"/> makes it.</returns>
    /// <exception cref="SteeringFitException">The samples or options cannot be used together, or a result is not finite; the message names the site.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IReadOnlyDictionary<Site, SiteMap> FitAll(
        IReadOnlyDictionary<Site, SiteSamples> samples,
        FitOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(options);
        return SiteLoop.Run(
            samples,
            (site, pair) => FitNamed(site, pair, options, cancellationToken),
            done => progress?.Report(new FitProgress("Fitting maps", done, samples.Count)),
            cancellationToken);
    }

    /// <summary>Fits one site; errors name it.</summary>
    internal static SiteMap FitNamed(Site site, SiteSamples samples, FitOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return FitCancellable(samples.Source, samples.Target, options, cancellationToken);
        }
        catch (SteeringFitException error)
        {
            throw new SteeringFitException($"{site}: {error.Message}", error);
        }
    }

    private protected abstract void ApplyCore(Span<float> row, float strength);

    /// <summary>Compiles the map at a strength; null if nothing is left to do.</summary>
    /// <exception cref="SteeringPolicyException">A value does not fit.</exception>
    internal abstract SteeringOperation? Compile(double strength, SteeringScope scope, Site site);
}
