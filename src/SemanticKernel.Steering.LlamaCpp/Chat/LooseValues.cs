using System.Collections;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Reads values whose type depends on where they came from: code, JSON or YAML.</summary>
internal static class LooseValues
{
    /// <exception cref="ArgumentException">The value is no number.</exception>
    internal static float? ReadNumber(AdditionalPropertiesDictionary? properties, string key) =>
        properties is not null && properties.TryGetValue(key, out var value) && value is not null
            ? (float)(ToNumber(value) ?? throw new ArgumentException($"'{key}' must be a number, not '{value}'.", nameof(properties)))
            : null;

    /// <exception cref="SteeringPolicyException">The value is there but is no set of strengths by concept.</exception>
    internal static IReadOnlyDictionary<string, double>? ReadStrengths(AdditionalPropertiesDictionary? properties)
    {
        if (properties is null || !properties.TryGetValue(SteeringKeys.Concepts, out var value) || value is null)
        {
            return null;
        }

        var strengths = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (concept, strength) in Entries(value))
        {
            if (!strengths.TryAdd(concept, ToNumber(strength) ?? throw new SteeringPolicyException($"The strength of '{concept}' must be a number, not '{strength}'.")))
            {
                throw new SteeringPolicyException($"The concept '{concept}' stands twice in '{SteeringKeys.Concepts}'.");
            }
        }

        return strengths;
    }

    private static IEnumerable<(string Concept, object? Strength)> Entries(object value) => value switch
    {
        IEnumerable<KeyValuePair<string, double>> typed => typed.Select(pair => (pair.Key, (object?)pair.Value)),
        IEnumerable<KeyValuePair<string, object?>> loose => loose.Select(pair => (pair.Key, pair.Value)),
        IDictionary dictionary => dictionary.Keys.Cast<object>().Select(key => (key as string ?? throw NotStrengths(value), dictionary[key])),
        JsonElement { ValueKind: JsonValueKind.Object } json => json.EnumerateObject().Select(property => (property.Name, (object?)property.Value)),
        _ => throw NotStrengths(value),
    };

    private static double? ToNumber(object? value) => value switch
    {
        double number => number,
        float number => number,
        int number => number,
        long number => number,
        decimal number => (double)number,
        JsonElement { ValueKind: JsonValueKind.Number } json => json.GetDouble(),
        JsonElement { ValueKind: JsonValueKind.String } json => ToNumber(json.GetString()),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static SteeringPolicyException NotStrengths(object value) =>
        new($"'{SteeringKeys.Concepts}' must hold strengths by concept name, not {value.GetType().Name} '{value}'.");
}
