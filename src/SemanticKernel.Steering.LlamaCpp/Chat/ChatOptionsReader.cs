using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Reads the options of a call. What is not supported is refused by name, never ignored.</summary>
internal static class ChatOptionsReader
{
    /// <exception cref="NotSupportedException">An option is set that this client does not support.</exception>
    internal static void RefuseUnsupported(ChatOptions? options, string modelId)
    {
        if (options is null)
        {
            return;
        }

        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools));
        Refuse(options.ToolMode is not (null or AutoChatToolMode or NoneChatToolMode), nameof(options.ToolMode));
        Refuse(options.AllowMultipleToolCalls is not null, nameof(options.AllowMultipleToolCalls));
        Refuse(options.ResponseFormat is not (null or ChatResponseFormatText), nameof(options.ResponseFormat));
        Refuse(options.ConversationId is not null, nameof(options.ConversationId));
        Refuse(options.RawRepresentationFactory is not null, nameof(options.RawRepresentationFactory));
        Refuse(options.Reasoning is not null, nameof(options.Reasoning));
        Refuse(options.ContinuationToken is not null, nameof(options.ContinuationToken));
        Refuse(options.AllowBackgroundResponses is true, nameof(options.AllowBackgroundResponses));
        if (options.ModelId is { } wanted && wanted != modelId)
        {
            throw new NotSupportedException($"ChatOptions.ModelId asks for '{wanted}', but this client answers with '{modelId}' only.");
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal static SamplerSettings ReadSampling(ChatOptions? options, uint? defaultSeed)
    {
        var defaults = new SamplerSettings();
        return new SamplerSettings
        {
            Temperature = options?.Temperature ?? defaults.Temperature,
            TopK = options?.TopK ?? defaults.TopK,
            TopP = options?.TopP ?? defaults.TopP,
            MinP = LooseValues.ReadNumber(options?.AdditionalProperties, SteeringKeys.MinP) ?? defaults.MinP,
            RepeatPenalty = LooseValues.ReadNumber(options?.AdditionalProperties, SteeringKeys.RepeatPenalty) ?? defaults.RepeatPenalty,
            FrequencyPenalty = options?.FrequencyPenalty ?? defaults.FrequencyPenalty,
            PresencePenalty = options?.PresencePenalty ?? defaults.PresencePenalty,
            Seed = options?.Seed is { } seed ? SamplingSeed.Of(seed) : SamplingSeed.Of(defaultSeed ?? unchecked((uint)Random.Shared.NextInt64())),
        }.Check();
    }

    /// <exception cref="ContextSizeException">The prompt leaves no room for an answer.</exception>
    internal static int ReadMaxTokens(ChatOptions? options, int promptTokens, int contextSize)
    {
        var room = contextSize - promptTokens;
        if (room <= 0)
        {
            throw new ContextSizeException(promptTokens, contextSize);
        }

        if (options?.MaxOutputTokens is not { } wanted)
        {
            return room;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1, nameof(options.MaxOutputTokens));
        return Math.Min(wanted, room);
    }

    internal static IReadOnlyList<byte[]> ReadStops(ChatOptions? options)
    {
        if (options?.StopSequences is not { Count: > 0 } stops)
        {
            return [];
        }

        return stops.Any(string.IsNullOrEmpty)
            ? throw new ArgumentException("A stop sequence is empty.", nameof(options))
            : [.. stops.Select(Encoding.UTF8.GetBytes)];
    }

    /// <exception cref="SteeringPolicyException">What is asked for is not readable.</exception>
    internal static SteeringRequest ReadRequest(ChatOptions? options)
    {
        var properties = options?.AdditionalProperties;
        RefuseMisspelt(properties);
        if (properties is not null && properties.ContainsKey(SteeringKeys.Policy))
        {
            throw new SteeringPolicyException(
                $"'{SteeringKeys.Policy}' cannot be set by settings, which may come from a prompt file. Choose a policy in code: in a filter, in kernel data, or as a {nameof(SteeringRequest)}.");
        }

        if (properties is not null && properties.TryGetValue(SteeringKeys.Request, out var request))
        {
            return request as SteeringRequest
                ?? throw new SteeringPolicyException($"'{SteeringKeys.Request}' must be a {nameof(SteeringRequest)}, not {request?.GetType().Name ?? "null"}.");
        }

        return LooseValues.ReadStrengths(properties) is { } strengths ? new SteeringRequest { Concepts = strengths } : SteeringRequest.Empty;
    }

    /// <summary>Unknown options are none of our business, but a misspelt wish for steering must not pass unheard.</summary>
    private static void RefuseMisspelt(AdditionalPropertiesDictionary? properties)
    {
        if (properties?.Keys.FirstOrDefault(key => LooksLikeSteering(key) && !SteeringKeys.All.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new SteeringPolicyException($"There is no steering option '{unknown}'. Known: {string.Join(", ", SteeringKeys.All)}.");
        }
    }

    private static bool LooksLikeSteering(string key) =>
        key.StartsWith("steer", StringComparison.OrdinalIgnoreCase) || key.StartsWith("concept", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the response shall say what every concept did.</summary>
    internal static bool ReadMeasure(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(SteeringKeys.Measure, out var value) is true && value switch
        {
            bool flag => flag,
            JsonElement { ValueKind: JsonValueKind.True or JsonValueKind.False } json => json.GetBoolean(),
            _ => throw new ArgumentException($"'{SteeringKeys.Measure}' must be true or false, not '{value}'.", nameof(options)),
        };

    internal static string? ReadCacheScope(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(SteeringKeys.CacheScope, out var value) is true ? value switch
        {
            string scope => scope,
            JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
            _ => throw new ArgumentException($"'{SteeringKeys.CacheScope}' must be a text, not '{value}'.", nameof(options)),
        } : null;

    internal static string? ReadFingerprint(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(SteeringKeys.Fingerprint, out var value) is true ? value?.ToString() : null;

    internal static SteeringHandle? ReadHandle(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(SteeringKeys.Handle, out var value) is true && value is not null
            ? value as SteeringHandle ?? throw new ArgumentException($"'{SteeringKeys.Handle}' must be a {nameof(SteeringHandle)}, not {value.GetType().Name}.", nameof(options))
            : null;

    private static void Refuse(bool isSet, string member)
    {
        if (isSet)
        {
            throw new NotSupportedException($"ChatOptions.{member} is not supported by {nameof(SteeredLlamaChatClient)}.");
        }
    }
}
