using System.Globalization;
using SemanticKernel.Steering;

namespace SteeredChat;

/// <summary>The policies in force, one per line.</summary>
internal static class PolicyView
{
    public static void Show(Screen screen, SteeredModel model)
    {
        if (model.Engine.Policies.Count == 0)
        {
            screen.Note("There are no policies: every concept may be steered freely. Bring some with --config.");
            return;
        }

        screen.Table([.. model.Engine.Policies.Values
            .OrderBy(policy => policy.Name, StringComparer.Ordinal)
            .Select(policy => ($"{(policy.Name == model.Policy ? '*' : ' ')} {policy.Name}", Describe(policy)))]);
    }

    private static string Describe(SteeringPolicy policy) => string.Join("; ", policy.Concepts.Select(Describe).Concat(policy.Exclusive.Select(group => $"one of {string.Join(", ", group)} at a time")));

    private static string Describe(ConceptPolicy rule) => rule.Override switch
    {
        StrengthOverride.Within => $"{rule.Concept} {Number(rule.Strength)}, from {Number(rule.Min)} to {Number(rule.Max)}",
        StrengthOverride.Raise when rule.Strength >= 0 => $"{rule.Concept} {Number(rule.Strength)}, up to {Number(rule.Max)}",
        StrengthOverride.Raise => $"{rule.Concept} {Number(rule.Strength)}, down to {Number(rule.Min)}",
        _ => $"{rule.Concept} {Number(rule.Strength)}, always",
    };

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
