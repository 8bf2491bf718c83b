namespace SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;

/// <summary>Calibrates one map set on one model.</summary>
internal sealed class CalibrationRun(LlamaModel model, SteeredLlamaOptions settings, TokenizedText[] target, IProgress<FitProgress>? progress)
{
    private const string Stage = "Calibrating strengths";
    private const double HeldOutShare = 0.25;

    // Strengths this far below the largest are noise, and sites without any cost nothing at inference.
    private const double NegligibleShare = 0.01;

    /// <exception cref="SteeringFitException">The maps cannot be calibrated on these texts.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal CalibrationResult Run(MapSet maps, CalibrationOptions options, CancellationToken cancellationToken)
    {
        if (maps.Operations.Values.OfType<DirectionAblation>().Any())
        {
            throw new SteeringFitException($"The maps of '{maps.Concept}' act by ablation, which has no amount of its own to scale: choose its strength instead.");
        }

        var texts = Choose(options.MaxTexts);
        var (split, _) = HeldOutSplit.Of(texts.Length, texts.Length, new FitOptions { HeldOutShare = HeldOutShare });
        var strengths = Search(maps, options, [.. split.Fit.Select(i => texts[i])], cancellationToken);
        using var loss = new AnswerLoss(model, settings, [.. split.HeldOut.Select(i => texts[i])]);
        var heldOut = new SiteStrengths(model, loss, maps);
        var calibrated = Scale(maps, heldOut, strengths);
        return new CalibrationResult(calibrated, new CalibrationReport(
            heldOut.Sites.Zip(strengths).ToDictionary(pair => pair.First, pair => pair.Second),
            heldOut.LossAt(new double[strengths.Length], cancellationToken),
            heldOut.LossAt(strengths, cancellationToken)));
    }

    private double[] Search(MapSet maps, CalibrationOptions options, TokenizedText[] texts, CancellationToken cancellationToken)
    {
        using var loss = new AnswerLoss(model, settings, texts);
        var sites = new SiteStrengths(model, loss, maps);
        var most = StrengthSearch.MostEvaluations(sites.Sites.Count, options.Passes);
        var search = new StrengthSearch(sites, done => progress?.Report(new FitProgress(Stage, done, most)), cancellationToken);
        search.Run(options.Passes);
        progress?.Report(new FitProgress(Stage, most, most));
        var negligible = NegligibleShare * search.Best.Max(Math.Abs);
        return Array.ConvertAll(search.Best, strength => Math.Abs(strength) < negligible ? 0 : strength);
    }

    private TokenizedText[] Choose(int most) => target.Length <= most
        ? target
        : [.. Enumerable.Range(0, most).Select(i => target[(int)((long)i * target.Length / most)])];

    private static MapSet Scale(MapSet maps, SiteStrengths sites, double[] strengths) => new(
        maps.Metadata with { RecommendedStrength = 1 },
        Enumerable.Range(0, strengths.Length).Where(i => strengths[i] != 0)
            .Select(i => KeyValuePair.Create(sites.Sites[i], SiteMapAlgebra.Scale(sites.Maps[i], strengths[i]))));
}
