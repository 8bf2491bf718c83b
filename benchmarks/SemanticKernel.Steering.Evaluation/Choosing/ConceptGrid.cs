using System.Globalization;
using SemanticKernel.Steering.Evaluation.Recipes;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Choosing;

/// <summary>The settings of one concept that are tried on the tuning questions.</summary>
/// <param name="Rule">How one of them is chosen.</param>
/// <param name="Lines">Recipes with strengths, as <see cref="RecipeParser"/> reads them; simpler ones first.</param>
internal sealed record ConceptGrid(ChoiceRule Rule, IReadOnlyList<string> Lines)
{
    /// <summary>One setting per recipe and strength.</summary>
    public IReadOnlyList<Setting> Settings { get; } = [.. Lines.SelectMany(Expand)];

    /// <summary>One setting per strength of a line; of several recipes joined with <c>&amp;</c>, the first strength of each.</summary>
    public static IEnumerable<Setting> Expand(string line)
    {
        var recipes = line.Split('&').Select(RecipeParser.Parse).ToArray();
        return recipes is [var (recipe, strengths)]
            ? strengths.Select(strength => Of((recipe, strength)))
            : [Of([.. recipes.Select(part => (part.Recipe, part.Strengths[0]))])];
    }

    /// <summary>A setting that is named after its parts.</summary>
    public static Setting Of(params (Recipe Recipe, double Strength)[] parts) =>
        new(string.Join(" & ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Recipe.Key}; {part.Strength}"))), parts);
}
