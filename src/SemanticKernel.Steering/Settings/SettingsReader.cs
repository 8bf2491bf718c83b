using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering;

/// <summary>Turns settings of other types into ours by way of JSON.</summary>
internal static class SettingsReader
{
    private static readonly JsonSerializerOptions Permissive = new()
    {
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        PropertyNameCaseInsensitive = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <exception cref="ArgumentException">A value is of the wrong type.</exception>
    /// <exception cref="SteeringPolicyException">The concepts are unreadable.</exception>
    internal static SteeredLlamaPromptExecutionSettings Read(PromptExecutionSettings other)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(other, other.GetType(), Permissive);
        SteeredLlamaPromptExecutionSettings settings;
        try
        {
            settings = JsonSerializer.Deserialize<SteeredLlamaPromptExecutionSettings>(json, Permissive)!;
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The execution settings cannot be read: {exception.Message}", nameof(other), exception);
        }

        // What JSON does not carry faithfully.
        settings.FunctionChoiceBehavior = other.FunctionChoiceBehavior;
        foreach (var key in new[] { SteeringKeys.Request, SteeringKeys.Handle })
        {
            if (other.ExtensionData?.TryGetValue(key, out var value) is true)
            {
                (settings.ExtensionData ??= new Dictionary<string, object>())[key] = value;
            }
        }

        return settings;
    }
}
