using SemanticKernel.Steering.Samples;

namespace SemanticKernel.Steering.Evaluation.Recipes;

/// <summary>A way to fit a concept. Two recipes with the same text give the same maps.</summary>
/// <param name="Concept">The concept, which names the prompt sets.</param>
/// <param name="Options">How its maps are fitted; the recommended strength plays no part.</param>
internal sealed record Recipe(string Concept, FitOptions Options)
{
    /// <summary>Whether the sets are pairs of texts that differ in one word; see <see cref="WordPairs"/>.</summary>
    public bool UsesWordPairs { get; init; }

    /// <summary>The recipe in words, for reports.</summary>
    public string Text => string.Join(
        ", ",
        new[]
        {
            $"{Options.Estimator}",
            Options.PreserveNorm ? "norms preserved" : "",
            $"{Options.Pooling} of {Options.Tokens}",
            $"{Options.Sites}".Replace(" of layers first to last", " of all layers", StringComparison.Ordinal),
            Options.Order == FitOrder.Simultaneous ? "" : $"causal, {Options.CausalSides}",
            Options.Scope == SteeringScope.All ? "" : $"steers {Options.Scope}",
            Options.Support == SupportRange.Unbounded ? "" : $"support {Options.Support}",
            Options.Mode == FitMode.Safe ? "" : $"{Options.Mode}",
            UsesWordPairs ? "word pairs" : "",
            Options.Calibration is { } calibration ? $"calibrated on {calibration.MaxTexts} texts in {calibration.Passes} passes" : "",
        }.Where(part => part.Length > 0));

    /// <summary>What tells recipes apart.</summary>
    public string Key => $"{Concept}: {Text}";

    /// <summary>The recipe that the samples use.</summary>
    public static Recipe Of(TinyChatConcept concept) => new(concept.Name, concept.Options);

    /// <summary>Reads the prompt sets under another name, so that several recipes of one concept can be registered side by side.</summary>
    public ConceptData LoadData(string name)
    {
        var data = new TinyChatConcept(Concept, Options).LoadData();
        return UsesWordPairs ? WordPairs.Of(name, data.Target, Concept) : new ConceptData(name, data.Source, data.Target);
    }
}
