namespace SemanticKernel.Steering;

/// <summary>How what a site does is fitted.</summary>
/// <remarks>
/// Linear, Gaussian, Mean and AurA look at each neuron by itself. The others look for one direction of the whole state; they need
/// <see cref="FitMode.Safe"/>, an unbounded support, and all but <see cref="DirectionAblation"/> give maps that only shift (slope 1).
/// </remarks>
public enum TransportEstimator
{
    /// <summary>Least squares between the sorted samples of both sets (paper section 3, Linear-AcT): the default.</summary>
    Linear,

    /// <summary>The map between two normal distributions with the sets' means and deviations.</summary>
    Gaussian,

    /// <summary>
    /// The difference of the sets' means (Mean-AcT). As all neurons together it is the steering vector of contrastive activation addition
    /// (CAA, arXiv 2312.06681, section 3) and, with one text on each side, of ActAdd (arXiv 2308.10248, section 3): those need no estimator of their own.
    /// </summary>
    Mean,

    /// <summary>
    /// Damps each neuron by how well it alone tells source from target (AurA, arXiv 2407.12824, section 3): slope 1 − 2·(AUROC − ½) above an AUROC
    /// of ½, intercept 0. The publication pools with <see cref="Pooling.Max"/>.
    /// </summary>
    AurA,

    /// <summary>
    /// A shift along the first principal component of the differences between both sets (representation engineering, arXiv 2310.01405, section 3.1),
    /// its sign by majority, as far as the means lie apart along it. Differences are taken row by row
    /// for <see cref="FitOptions.Paired"/> samples, otherwise from each row to the other set's mean, and are not centred: with pairs the direction is that of
    /// repeng's <c>pca_center</c>, while the PCA behind its <c>pca_diff</c> takes the mean difference out first. A pair of weighted
    /// samples counts as much as the geometric mean of both.
    /// </summary>
    PcaDirection,

    /// <summary>
    /// A shift by one deviation along the direction from mean to mean (inference-time intervention with the mass mean shift, arXiv 2306.03341,
    /// section 3.2): the deviation is that of both sets' samples along the direction, with n.
    /// </summary>
    ProbeMassMean,

    /// <summary>
    /// As <see cref="ProbeMassMean"/>, along the weights of a logistic probe (inference-time intervention with the probe weight direction,
    /// arXiv 2306.03341, section 3.2). The probe weighs both sets alike and is slightly regularised.
    /// </summary>
    ProbeLogistic,

    /// <summary>
    /// Takes the direction from mean to mean out of the state (arXiv 2406.11717, section 2.4). Not an affine map per neuron:
    /// <see cref="SiteMap.Fit"/> makes a <see cref="Steering.DirectionAblation"/>.
    /// </summary>
    DirectionAblation,
}
