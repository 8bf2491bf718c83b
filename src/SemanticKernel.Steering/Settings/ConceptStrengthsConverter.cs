using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SemanticKernel.Steering;

/// <summary>
/// Strengths by concept name in JSON. Numbers may be texts, as YAML brings them. Anything else is an error of steering: what
/// was meant to steer must never be lost on the way.
/// </summary>
internal sealed class ConceptStrengthsConverter : JsonConverter<IDictionary<string, double>>
{
    public override IDictionary<string, double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new SteeringPolicyException($"'{SteeringKeys.Concepts}' must hold strengths by concept name, not a JSON {reader.TokenType}.");
        }

        var strengths = new Dictionary<string, double>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var concept = reader.GetString()!;
            reader.Read();
            if (!strengths.TryAdd(concept, ReadStrength(ref reader, concept)))
            {
                throw new SteeringPolicyException($"The concept '{concept}' stands twice in '{SteeringKeys.Concepts}'.");
            }
        }

        return strengths;
    }

    public override void Write(Utf8JsonWriter writer, IDictionary<string, double> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (concept, strength) in value)
        {
            if (double.IsFinite(strength))
            {
                writer.WriteNumber(concept, strength);
            }
            else
            {
                // JSON has no such number. The text keeps it for the policy to refuse.
                writer.WriteString(concept, strength.ToString(CultureInfo.InvariantCulture));
            }
        }

        writer.WriteEndObject();
    }

    private static double ReadStrength(ref Utf8JsonReader reader, string concept) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetDouble(),
        JsonTokenType.String when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var strength) => strength,
        JsonTokenType.String => throw NoNumber(concept, $"'{reader.GetString()}'"),
        var other => throw NoNumber(concept, $"a JSON {other}"),
    };

    private static SteeringPolicyException NoNumber(string concept, string value) =>
        new($"The strength of '{concept}' must be a number, not {value}.");
}
