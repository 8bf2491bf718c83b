namespace SemanticKernel.Steering.Samples;

/// <summary>How a concept of TinyChat is fitted: its prompt sets and the options that did best on the tuning questions.</summary>
/// <param name="Name">The concept.</param>
/// <param name="Options">How its maps are fitted, the recommended strength included.</param>
internal sealed record TinyChatConcept(string Name, FitOptions Options)
{
    /// <summary>The folder of TinyChat beside the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "tinychat");

    /// <summary>TinyChat's model file.</summary>
    public static string ModelPath { get; } = Path.Combine(Folder, "tinychat.gguf");

    /// <summary>Rude answers (source) carried onto polite ones.</summary>
    /// <remarks>
    /// Block outputs do as well alone, but then honesty loses its effect beside it. The input of the attention leaves the residual stream as it is,
    /// and that of one layer is enough (docs/concepts.md).
    /// </remarks>
    public static TinyChatConcept Toxicity { get; } = new("toxicity", new FitOptions
    {
        Estimator = TransportEstimator.Mean,
        Tokens = TokenSelection.Answer,
        Sites = SiteSelector.Of(HookPoint.AttentionNorm, firstLayer: 4, lastLayer: 4),
        Calibration = new CalibrationOptions { MaxTexts = 256 },
        RecommendedStrength = 0.85,
    });

    /// <summary>Wrong answers (source) carried onto right ones.</summary>
    /// <remarks>The input of the feed-forward part does best, alone and beside toxicity.</remarks>
    public static TinyChatConcept Honesty { get; } = new("honesty", new FitOptions
    {
        Estimator = TransportEstimator.Mean,
        Tokens = TokenSelection.Answer,
        Sites = SiteSelector.Of(HookPoint.FeedForwardNorm),
        Calibration = new CalibrationOptions { MaxTexts = 256 },
        RecommendedStrength = 1.25,
    });

    /// <summary>Stories with an elephant (source) carried onto stories without; a negative strength brings elephants into stories.</summary>
    /// <remarks>
    /// A topic sits in few tokens, so that little of it is left in the mean over a text, and the strength has to be large. The last layer alone
    /// has the most effect for the least harm; that harm is still not small (docs/effect.md).
    /// </remarks>
    public static TinyChatConcept Elephant { get; } = new("elephant", new FitOptions
    {
        Estimator = TransportEstimator.Mean,
        Tokens = TokenSelection.Answer,
        Sites = SiteSelector.Of(HookPoint.BlockOutput, firstLayer: 5),
        RecommendedStrength = -16,
    });

    /// <summary>Reads the prompt sets.</summary>
    public ConceptData LoadData() => ConceptData.LoadJsonLines(
        Name, Path.Combine(Folder, "data", $"{Name}.source.jsonl"), Path.Combine(Folder, "data", $"{Name}.target.jsonl"));
}
