namespace SemanticKernel.Steering;

/// <summary>How maps are fitted. Immutable and safe to share between threads; change single values with a <c>with</c> expression.</summary>
public sealed record FitOptions
{
    private const long MinMemoryBudget = 1 << 20;

    /// <summary>The estimator.</summary>
    /// <value>The default is <see cref="TransportEstimator.Linear"/>.</value>
    public TransportEstimator Estimator { get; init; } = TransportEstimator.Linear;

    /// <summary>How strictly fitting follows the published reference.</summary>
    /// <value>The default is <see cref="FitMode.Safe"/>.</value>
    public FitMode Mode { get; init; } = FitMode.Safe;

    /// <summary>Where the maps act.</summary>
    /// <value>The default is <see cref="SupportRange.Unbounded"/>.</value>
    public SupportRange Support { get; init; } = SupportRange.Unbounded;

    /// <summary>Whether sample i of the source and sample i of the target belong together, as two versions of one text. Only <see cref="TransportEstimator.PcaDirection"/> looks at it, and pairs are held out together.</summary>
    /// <value>The default is false: the order of the samples means nothing.</value>
    public bool Paired { get; init; }

    /// <summary>Whether shifted states get their former L2 norm back; for estimators that only shift. See <see cref="NormPreservingShift"/>.</summary>
    /// <value>The default is false.</value>
    public bool PreserveNorm { get; init; }

    /// <summary>Whether fitted slopes are drawn towards 1 where there are few samples.</summary>
    /// <value>The default is <see cref="Shrinkage.None"/>.</value>
    public Shrinkage Shrinkage { get; init; } = Shrinkage.None;

    /// <summary>The share of the texts of each side that maps are not fitted on but tried on; see <see cref="TrustReport"/>.</summary>
    /// <value>The default is 0: every text is fitted on, and there is no report.</value>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 0.5.</exception>
    public double HeldOutShare
    {
        get;
        init => field = value is >= 0 and <= 0.5
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The held-out share lies between 0 and 0.5.");
    }

    /// <summary>Which sites are fitted.</summary>
    /// <value>The default is <see cref="SiteSelector.AllBlockOutputs"/>.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public SiteSelector Sites
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value));
    } = SiteSelector.AllBlockOutputs;

    /// <summary>How the tokens of a text become one sample.</summary>
    /// <value>The default is <see cref="Pooling.Mean"/>.</value>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Which tokens of a text count.</summary>
    /// <value>The default is <see cref="TokenSelection.WithoutBos"/>.</value>
    public TokenSelection Tokens { get; init; } = TokenSelection.WithoutBos;

    /// <summary>In which state of the model the sites are fitted.</summary>
    /// <value>The default is <see cref="FitOrder.Simultaneous"/>.</value>
    public FitOrder Order { get; init; } = FitOrder.Simultaneous;

    /// <summary>Which texts run through the maps of earlier sites while later ones are fitted; for <see cref="FitOrder.Causal"/>.</summary>
    /// <value>The default is <see cref="CausalSides.Both"/>.</value>
    public CausalSides CausalSides { get; init; } = CausalSides.Both;

    /// <summary>
    /// How the strengths of the sites are found once the maps are fitted, so that strength 1 is the one at which the target texts are most likely:
    /// where to steer and how strongly, told from the texts alone.
    /// </summary>
    /// <value>The default is null: maps stay as fitted, and strength 1 is the full transport.</value>
    public CalibrationOptions? Calibration { get; init; }

    /// <summary>
    /// About how many bytes of memory fitting may take beside the weights. Simultaneous fits over it keep their samples in a temporary file,
    /// causal ones read the texts again, for each site of the last layer or for all. Slopes and intercepts are the same but for rounding.
    /// </summary>
    /// <remarks>
    /// Bounds from <see cref="SupportRange.TokenQuantiles"/> depend on it in simultaneous fits: the sketches of all sites take a quarter of it, of n = 256 to
    /// 2,048 tokens each, and their quantiles are off by up to 136/√n + 100/n percentage points (<see cref="TokenSketch"/>). 2,048 tokens need
    /// 32 · 1,024 · width · sites bytes.
    /// </remarks>
    /// <value>The default is 2 GiB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 MiB.</exception>
    public long MemoryBudget
    {
        get;
        init => field = value >= MinMemoryBudget
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"A memory budget has at least {MinMemoryBudget} bytes (1 MiB).");
    } = 2L << 30;

    /// <summary>Which tokens the fitted maps steer later; stored in the map set.</summary>
    /// <value>The default is <see cref="SteeringScope.All"/>.</value>
    public SteeringScope Scope { get; init; } = SteeringScope.All;

    /// <summary>The strength that whoever fits the maps recommends; stored in the map set as advice that never weakens a policy.</summary>
    /// <value>The default is null: no advice, or 1 for calibrated maps.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public double? RecommendedStrength
    {
        get;
        init => field = value is null || double.IsFinite(value.Value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A recommended strength must be finite.");
    }
}
