using SemanticKernel.Steering.Evaluation.Recipes;

namespace SemanticKernel.Steering.Evaluation.Running;

/// <summary>How questions are answered: one row of a report.</summary>
/// <param name="Label">The name of the row.</param>
/// <param name="Parts">The concepts in force, in the order in which they act, with their strengths.</param>
/// <param name="SystemPrompt">A system prompt; null for none.</param>
internal sealed record Setting(string Label, IReadOnlyList<(Recipe Recipe, double Strength)> Parts, string? SystemPrompt = null)
{
    /// <summary>The model as it is.</summary>
    public static Setting Baseline { get; } = new("baseline", []);
}
