using System.Collections.ObjectModel;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering;

/// <summary>
/// Puts settings into chat options. Semantic Kernel has copied most of them by way of JSON already; typed values are set
/// again, because it drops what it cannot convert.
/// </summary>
internal static class SettingsWriter
{
    /// <summary>Makes chat options of a call's settings, whatever their type.</summary>
    internal static ChatOptions ToChatOptions(PromptExecutionSettings? settings, Kernel? kernel)
    {
        // Before the conversion, which looks for the tools and has errors of its own.
        RefuseTools(settings);
        return SteeredLlamaPromptExecutionSettings.FromExecutionSettings(settings).ToChatOptions(kernel);
    }

    /// <exception cref="NotSupportedException">Tools are asked for.</exception>
    /// <exception cref="SteeringPolicyException">Steering is asked for twice.</exception>
    internal static void Write(SteeredLlamaPromptExecutionSettings settings, ChatOptions options)
    {
        RefuseTools(settings);
        options.Temperature = settings.Temperature ?? options.Temperature;
        options.TopP = settings.TopP ?? options.TopP;
        options.TopK = settings.TopK ?? options.TopK;
        options.MaxOutputTokens = settings.MaxTokens ?? options.MaxOutputTokens;
        options.Seed = settings.Seed ?? options.Seed;
        options.FrequencyPenalty = settings.FrequencyPenalty ?? options.FrequencyPenalty;
        options.PresencePenalty = settings.PresencePenalty ?? options.PresencePenalty;
        options.StopSequences = settings.StopSequences is { } stops ? [.. stops] : options.StopSequences;
        options.Instructions = settings.ChatSystemPrompt ?? options.Instructions;
        Set(options, SteeringKeys.MinP, settings.MinP);
        Set(options, SteeringKeys.RepeatPenalty, settings.RepeatPenalty);
        Set(options, SteeringKeys.Handle, settings.ExtensionData?.TryGetValue(SteeringKeys.Handle, out var handle) is true ? handle : null);
        WriteRequest(settings, options);
    }

    private static void WriteRequest(SteeredLlamaPromptExecutionSettings settings, ChatOptions options)
    {
        var loose = new[] { SteeringKeys.Request, SteeringKeys.Concepts }.FirstOrDefault(key => settings.ExtensionData?.Keys.Contains(key, StringComparer.OrdinalIgnoreCase) is true);
        if (settings.Concepts is { } concepts)
        {
            if (loose is not null)
            {
                throw new SteeringPolicyException($"The settings ask for steering twice: with {nameof(settings.Concepts)} and with '{loose}' in their extension data.");
            }

            options.AdditionalProperties?.Remove(SteeringKeys.Concepts);
            Set(options, SteeringKeys.Request, new SteeringRequest { Concepts = new ReadOnlyDictionary<string, double>(concepts) });
        }
        else if (settings.ExtensionData?.TryGetValue(SteeringKeys.Request, out var request) is true)
        {
            Set(options, SteeringKeys.Request, request);
        }

        if (settings.Chosen is { } chosen)
        {
            Set(options, SteeringKeys.Request, SteeringRequestMerge.Merge(ChatOptionsReader.ReadRequest(options), chosen));
        }
    }

    private static void RefuseTools(PromptExecutionSettings? settings)
    {
        if (settings?.FunctionChoiceBehavior is { } behavior)
        {
            throw new NotSupportedException(
                $"{nameof(settings.FunctionChoiceBehavior)} is set to {behavior.GetType().Name}, but tools are not supported by steered models. Leave it null.");
        }
    }

    private static void Set(ChatOptions options, string key, object? value)
    {
        if (value is not null)
        {
            (options.AdditionalProperties ??= [])[key] = value;
        }
    }
}
