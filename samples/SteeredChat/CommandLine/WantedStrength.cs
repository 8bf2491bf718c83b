using System.Globalization;
using SemanticKernel.Steering;

namespace SteeredChat;

/// <summary>A concept and how strongly to steer it.</summary>
/// <param name="Concept">The concept's name.</param>
/// <param name="Strength">The strength; null for the recommended one.</param>
internal sealed record WantedStrength(string Concept, double? Strength)
{
    /// <summary>Reads <c>concept=strength</c> or <c>concept</c>.</summary>
    /// <exception cref="UserErrorException">The text is neither.</exception>
    public static WantedStrength Parse(string text)
    {
        var parts = text.Split('=', 2, StringSplitOptions.TrimEntries);
        return Parse(parts[0], parts.Length > 1 ? parts[1] : null);
    }

    /// <summary>Reads a concept and its strength.</summary>
    /// <exception cref="UserErrorException">The name breaks the rule for names, or the strength is no finite number.</exception>
    public static WantedStrength Parse(string concept, string? strength)
    {
        if (!ConceptName.IsValid(concept))
        {
            throw new UserErrorException($"'{concept}' is no concept name.");
        }

        if (strength is null)
        {
            return new WantedStrength(concept, null);
        }

        return double.TryParse(strength, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new WantedStrength(concept, number)
            : throw new UserErrorException($"'{strength}' is no strength for '{concept}': give a finite number, such as 0.8.");
    }
}
