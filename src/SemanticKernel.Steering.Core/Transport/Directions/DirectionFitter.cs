namespace SemanticKernel.Steering;

/// <summary>Fits what acts along one direction of the whole state.</summary>
internal static class DirectionFitter
{
    /// <summary>Whether an estimator makes a shift along one direction.</summary>
    public static bool Fits(TransportEstimator estimator) =>
        estimator is TransportEstimator.PcaDirection or TransportEstimator.ProbeMassMean or TransportEstimator.ProbeLogistic or TransportEstimator.DirectionAblation;

    /// <summary>Whether fitting takes a copy of all samples.</summary>
    public static bool CopiesSamples(TransportEstimator estimator) => estimator is TransportEstimator.PcaDirection or TransportEstimator.ProbeLogistic;

    /// <summary>Fits a map of slope 1 throughout.</summary>
    /// <exception cref="SteeringFitException">Options or samples do not suit the estimator, or a result is not finite.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static TransportMap FitShift(ActivationSamples source, ActivationSamples target, FitOptions options, CancellationToken cancellationToken)
    {
        Check(source, target, options);
        TransportEstimators.RequireTwo(options.Estimator, source, target);
        var means = MeanShift(source, target);
        var shift = !means.ContainsAnyExcept(0f) ? new float[source.Width] : options.Estimator switch
        {
            TransportEstimator.PcaDirection => PrincipalDirection.Shift(source, target, means, options.Paired, cancellationToken),
            TransportEstimator.ProbeMassMean => Probe.Shift(source, target, means),
            TransportEstimator.ProbeLogistic => Probe.Shift(source, target, LogisticProbe.Direction(source, target, cancellationToken)),
            _ => throw new SteeringFitException($"{options.Estimator} makes no affine map; {nameof(SiteMap)}.{nameof(SiteMap.Fit)} makes what it is."),
        };
        if (Finite.IndexOfNonFinite(shift) is >= 0 and var bad)
        {
            throw new SteeringFitException($"The shift of neuron {bad} is not finite: its samples are too far apart.");
        }

        return new TransportMap(MapValues.Filled(shift.Length, 1), shift);
    }

    /// <summary>Fits an ablation of the direction from mean to mean; one that does nothing if the means agree.</summary>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    /// <exception cref="SteeringFitException">Options or samples do not suit it.</exception>
    public static DirectionAblation FitAblation(ActivationSamples source, ActivationSamples target, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Width != target.Width)
        {
            throw new ArgumentException($"The source has width {source.Width}, the target {target.Width}.", nameof(target));
        }

        Check(source, target, options);
        return options.PreserveNorm
            ? throw new SteeringFitException("A state's norm can be preserved by shifts only, not by an ablation.")
            : DirectionAblation.Along(MeanShift(source, target));
    }

    /// <summary>Refuses paired sets of different sizes.</summary>
    /// <exception cref="SteeringFitException">The sets are paired and differ in size.</exception>
    public static void CheckPairs(int source, int target, FitOptions options)
    {
        if (options.Paired && source != target)
        {
            throw new SteeringFitException($"Paired samples need equal counts, not {source} source and {target} target.");
        }
    }

    private static void Check(ActivationSamples source, ActivationSamples target, FitOptions options)
    {
        SlopeShrinkage.Check(options);
        if (options.Mode != FitMode.Safe)
        {
            throw new SteeringFitException($"{options.Estimator} is fitted in safe mode only: the reference has no such estimator.");
        }

        if (options.Support != SupportRange.Unbounded)
        {
            throw new SteeringFitException(
                $"{options.Estimator} acts along one direction of the whole state; support '{options.Support}' would leave single neurons out of it.");
        }

        CheckPairs(source.Count, target.Count, options);
    }

    /// <summary>The difference of the means per neuron: exactly what Mean fits, and exactly 0 for equal sets in whatever order.</summary>
    private static ReadOnlySpan<float> MeanShift(ActivationSamples source, ActivationSamples target) =>
        new MapFitter(source, target, new FitOptions { Estimator = TransportEstimator.Mean }).Fit().Intercept;
}
