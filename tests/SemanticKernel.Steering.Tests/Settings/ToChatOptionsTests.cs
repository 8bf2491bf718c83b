using System.Reflection;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Settings;

public sealed class ToChatOptionsTests
{
    private static readonly Dictionary<string, Func<ChatOptions, object?>> Places = new()
    {
        [nameof(SteeredLlamaPromptExecutionSettings.Concepts)] = options => Request(options).Concepts,
        [nameof(SteeredLlamaPromptExecutionSettings.Temperature)] = options => options.Temperature,
        [nameof(SteeredLlamaPromptExecutionSettings.TopP)] = options => options.TopP,
        [nameof(SteeredLlamaPromptExecutionSettings.TopK)] = options => options.TopK,
        [nameof(SteeredLlamaPromptExecutionSettings.MinP)] = options => options.AdditionalProperties![SteeringKeys.MinP],
        [nameof(SteeredLlamaPromptExecutionSettings.MaxTokens)] = options => options.MaxOutputTokens,
        [nameof(SteeredLlamaPromptExecutionSettings.Seed)] = options => options.Seed,
        [nameof(SteeredLlamaPromptExecutionSettings.FrequencyPenalty)] = options => options.FrequencyPenalty,
        [nameof(SteeredLlamaPromptExecutionSettings.PresencePenalty)] = options => options.PresencePenalty,
        [nameof(SteeredLlamaPromptExecutionSettings.RepeatPenalty)] = options => options.AdditionalProperties![SteeringKeys.RepeatPenalty],
        [nameof(SteeredLlamaPromptExecutionSettings.StopSequences)] = options => options.StopSequences,
        [nameof(SteeredLlamaPromptExecutionSettings.ChatSystemPrompt)] = options => options.Instructions,
    };

    public static TheoryData<string> OwnPropertyNames => SteeredLlamaPromptExecutionSettingsTests.OwnPropertyNames;

    [Theory]
    [MemberData(nameof(OwnPropertyNames))]
    public void Property_ReachesChatOptions(string name)
    {
        var property = typeof(SteeredLlamaPromptExecutionSettings).GetProperty(name)!;
        var settings = new SteeredLlamaPromptExecutionSettings();
        property.SetValue(settings, SettingsSamples.ValueFor(property));
        settings.Freeze();

        foreach (var kernel in new[] { null, new Kernel() })
        {
            Assert.Equivalent(SettingsSamples.ValueFor(property), Places[name](settings.ToChatOptions(kernel)), strict: true);
        }
    }

    [Fact]
    public void UnsetConcepts_PutNothing()
    {
        var options = new SteeredLlamaPromptExecutionSettings { Temperature = 0 }.ToChatOptions(null);

        Assert.Null(options.AdditionalProperties);
    }

    [Fact]
    public void UnsetConcepts_LeaveARequestInTheExtensionDataAlone()
    {
        var request = new SteeringRequest { Concepts = new Dictionary<string, double> { ["toxicity"] = 1 } };
        PromptExecutionSettings[] kinds =
        [
            new SteeredLlamaPromptExecutionSettings { ExtensionData = new Dictionary<string, object> { [SteeringKeys.Request] = request } },
            new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { [SteeringKeys.Request] = request } },
        ];

        foreach (var settings in kinds)
        {
            var options = SteeredLlamaPromptExecutionSettings.FromExecutionSettings(settings).ToChatOptions(new Kernel());

            Assert.Same(request, Request(options));
        }
    }

    [Theory]
    [InlineData(SteeringKeys.Request)]
    [InlineData(SteeringKeys.Concepts)]
    public void ConceptsAskedForTwice_AreRefused(string key)
    {
        var settings = new SteeredLlamaPromptExecutionSettings
        {
            Concepts = new Dictionary<string, double> { ["toxicity"] = 1 },
            ExtensionData = new Dictionary<string, object> { [key] = new Dictionary<string, object> { ["toxicity"] = 0 } },
        };

        var error = Assert.Throws<SteeringPolicyException>(() => settings.ToChatOptions(null));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Concepts_AreCopied()
    {
        var concepts = new Dictionary<string, double> { ["toxicity"] = 1 };
        var options = new SteeredLlamaPromptExecutionSettings { Concepts = concepts }.ToChatOptions(null);

        concepts["toxicity"] = 0;

        Assert.Equal(1, Request(options).Concepts["toxicity"]);
        Assert.False(options.AdditionalProperties!.ContainsKey(SteeringKeys.Concepts));
    }

    [Theory]
    [InlineData(nameof(SteeredLlamaPromptExecutionSettings.Temperature))]
    [InlineData(nameof(SteeredLlamaPromptExecutionSettings.TopP))]
    [InlineData(nameof(SteeredLlamaPromptExecutionSettings.MinP))]
    [InlineData(nameof(SteeredLlamaPromptExecutionSettings.RepeatPenalty))]
    [InlineData(nameof(SteeredLlamaPromptExecutionSettings.FrequencyPenalty))]
    [InlineData(nameof(SteeredLlamaPromptExecutionSettings.PresencePenalty))]
    public void NaN_ReachesTheEngine_WhichRefusesIt(string name)
    {
        var settings = new SteeredLlamaPromptExecutionSettings();
        typeof(SteeredLlamaPromptExecutionSettings).GetProperty(name)!.SetValue(settings, float.NaN);

        Assert.Equal(float.NaN, Places[name](settings.ToChatOptions(null)));
    }

    [Fact]
    public void FunctionChoiceBehavior_IsRefusedByName()
    {
        var settings = new SteeredLlamaPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.None() };

        Assert.Contains("FunctionChoiceBehavior", Assert.Throws<NotSupportedException>(() => settings.ToChatOptions(new Kernel())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoSettings_GiveNoOptions() => Assert.Null(((PromptExecutionSettings?)null).ToChatOptions(new Kernel()));

    private static SteeringRequest Request(ChatOptions options) => Assert.IsType<SteeringRequest>(options.AdditionalProperties![SteeringKeys.Request]);
}
