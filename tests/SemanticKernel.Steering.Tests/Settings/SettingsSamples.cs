using System.Reflection;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Settings;

/// <summary>A value for every property of the settings. A new property without one fails the tests that ask for all.</summary>
internal static class SettingsSamples
{
    private static readonly Dictionary<string, object> Values = new()
    {
        [nameof(PromptExecutionSettings.ServiceId)] = "guarded",
        [nameof(PromptExecutionSettings.ModelId)] = TinyChatFixture.ModelId,
        [nameof(PromptExecutionSettings.FunctionChoiceBehavior)] = FunctionChoiceBehavior.None(),
        [nameof(PromptExecutionSettings.ExtensionData)] = new Dictionary<string, object> { ["other"] = "value" },
        [nameof(SteeredLlamaPromptExecutionSettings.Concepts)] = new Dictionary<string, double> { ["toxicity"] = 1.5, ["honesty"] = -0.25 },
        [nameof(SteeredLlamaPromptExecutionSettings.Temperature)] = 0.3f,
        [nameof(SteeredLlamaPromptExecutionSettings.TopP)] = 0.7f,
        [nameof(SteeredLlamaPromptExecutionSettings.TopK)] = 12,
        [nameof(SteeredLlamaPromptExecutionSettings.MinP)] = 0.125f,
        [nameof(SteeredLlamaPromptExecutionSettings.MaxTokens)] = 99,
        [nameof(SteeredLlamaPromptExecutionSettings.Seed)] = 12345678901L,
        [nameof(SteeredLlamaPromptExecutionSettings.FrequencyPenalty)] = 0.5f,
        [nameof(SteeredLlamaPromptExecutionSettings.PresencePenalty)] = -0.5f,
        [nameof(SteeredLlamaPromptExecutionSettings.RepeatPenalty)] = 1.25f,
        [nameof(SteeredLlamaPromptExecutionSettings.StopSequences)] = new List<string> { "\n\n", "User:" },
        [nameof(SteeredLlamaPromptExecutionSettings.ChatSystemPrompt)] = "You are a polite assistant.",
    };

    internal static IEnumerable<PropertyInfo> Properties => typeof(SteeredLlamaPromptExecutionSettings)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod?.IsPublic is true);

    /// <summary>The properties settings of this type add to those of all.</summary>
    internal static IEnumerable<PropertyInfo> OwnProperties =>
        Properties.Where(property => property.DeclaringType == typeof(SteeredLlamaPromptExecutionSettings));

    internal static object ValueFor(PropertyInfo property) => Values[property.Name];

    /// <summary>Settings with every property set.</summary>
    internal static SteeredLlamaPromptExecutionSettings Full()
    {
        var settings = new SteeredLlamaPromptExecutionSettings();
        foreach (var property in Properties)
        {
            property.SetValue(settings, ValueFor(property));
        }

        return settings;
    }
}
