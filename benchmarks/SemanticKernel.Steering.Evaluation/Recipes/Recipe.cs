using SemanticKernel.Steering.Samples;

namespace SemanticKernel.Steering.Evaluation.Recipes;

/// <summary>A way to fit a concept. Two recipes with the same text give the same maps.</summary>
/// <param name="Concept">The concept, which names the prompt sets.</param>
/// <param name="Options">How its maps are fitted; the recommended strength plays no part.</param>
internal sealed record Recipe(string Concept, FitOptions Options)
{
    /// <summary>The recipe in words, for reports.</summary>
    public string Text { get; } = Describe(Options);

    /// <summary>What tells recipes apart.</summary>
    public string Key => $"{Concept}: {Text}";

    /// <summary>The recipe that the samples use.</summary>
    public static Recipe Of(TinyChatConcept concept) => new(concept.Name, concept.Options);

    /// <summary>Reads the prompt sets under another name, so that several recipes of one concept can be registered side by side.</summary>
    public ConceptData LoadData(string name)
    {
        var data = new TinyChatConcept(Concept, Options).LoadData();
        return new ConceptData(name, data.Source, data.Target);
    }

    private static string Describe(FitOptions options) => string.Join(
        ", ",
        new[]
        {
            $"{options.Estimator}",
            $"{options.Pooling} of {options.Tokens}",
            $"{options.Sites}".Replace(" of layers first to last", " of all layers", StringComparison.Ordinal),
            options.Scope == SteeringScope.All ? "" : $"steers {options.Scope}",
            options.Support == SupportRange.Unbounded ? "" : $"support {options.Support}",
            options.Mode == FitMode.Safe ? "" : $"{options.Mode}",
        }.Where(part => part.Length > 0));
}
