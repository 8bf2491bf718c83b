namespace SemanticKernel.Steering;

/// <summary>Whether fitted slopes are drawn towards 1 where there are few samples.</summary>
public enum Shrinkage
{
    /// <summary>Slopes stay as they were fitted: the default.</summary>
    None,

    /// <summary>
    /// Where a side has 32 samples or fewer (<see cref="ActivationSamples.EffectiveCount"/>), the slopes of a site are drawn towards 1, all by the same
    /// share, and the intercepts follow, so that every map still carries the source's mean onto the target's; at slope 1 it is the shift of
    /// <see cref="TransportEstimator.Mean"/>. For <see cref="TransportEstimator.Linear"/> and <see cref="TransportEstimator.Gaussian"/> in
    /// <see cref="FitMode.Safe"/>; others refuse it.
    /// </summary>
    /// <remarks>
    /// <para>The logarithm of a sample's deviation varies by about 1/(2(n − 1)) for normal values, so log ω of a neuron whose deviations are truly equal
    /// varies by σ² = 1/(2(n − 1)) + 1/(2(m − 1)). The site's p neurons show together how much of what they vary is that noise: log ω is
    /// multiplied by max(0, 1 − (p − 2)·σ² / Σ(log ω)²), the positive-part estimator of James and Stein (1961).</para>
    /// <para>No log ω moves by more than σ, its own standard error (the limited translation rule of Efron and Morris, "Limiting the Risk of Bayes and
    /// Empirical Bayes Estimators, Part II", 1972). Without it, the many neurons that do not change would also flatten the few that do: where one in
    /// twenty triples its deviation, 8 + 8 samples would leave it a third of its log ω. The price is that noise is not removed down to nothing.</para>
    /// </remarks>
    FewSamples,
}
