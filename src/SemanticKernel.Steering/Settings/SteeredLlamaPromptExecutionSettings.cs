using System.Collections.ObjectModel;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering;

/// <summary>Settings of a call to a steered model: sampling, and the strengths of concepts.</summary>
/// <remarks>
/// What is left null is up to the engine, whose samplers default to llama.cpp's. Values are judged when the call is made.
/// Not thread-safe until frozen; afterwards safe to share.
/// </remarks>
[JsonNumberHandling(JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals)]
public sealed class SteeredLlamaPromptExecutionSettings : PromptExecutionSettings
{
    /// <summary>Gets or sets the strengths of concepts by name: 0 = off, 1 = full transport, above 1 further, below 0 away.</summary>
    /// <value>The default is null: nothing in particular is asked for.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("concepts")]
    [JsonConverter(typeof(ConceptStrengthsConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IDictionary<string, double>? Concepts { get; set => Set(out field, value); }

    /// <summary>Gets or sets how freely tokens are chosen, from 0 (always the most likely) to 100.</summary>
    /// <value>The default is null: 0.8.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("temperature")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Temperature { get; set => Set(out field, value); }

    /// <summary>Gets or sets the total probability of the most likely tokens to choose from, above 0; 1 keeps all.</summary>
    /// <value>The default is null: 0.95.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("top_p")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? TopP { get; set => Set(out field, value); }

    /// <summary>Gets or sets the number of most likely tokens to choose from; 0 keeps all.</summary>
    /// <value>The default is null: 40.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("top_k")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TopK { get; set => Set(out field, value); }

    /// <summary>Gets or sets the smallest share of the most likely token's probability a token needs, from 0 (off) to 1.</summary>
    /// <value>The default is null: 0.05.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName(SteeringKeys.MinP)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? MinP { get; set => Set(out field, value); }

    /// <summary>Gets or sets how many tokens the answer may have at most.</summary>
    /// <value>The default is null: what the context has room for.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("max_tokens")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; set => Set(out field, value); }

    /// <summary>Gets or sets the seed of the sampler.</summary>
    /// <value>The default is null: the engine's seed, or a random one.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("seed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seed { get; set => Set(out field, value); }

    /// <summary>Gets or sets what the logits of answer tokens lose for each time they were used, from -2 to 2.</summary>
    /// <value>The default is null: 0, off.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("frequency_penalty")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? FrequencyPenalty { get; set => Set(out field, value); }

    /// <summary>Gets or sets what the logits of answer tokens lose once they were used, from -2 to 2.</summary>
    /// <value>The default is null: 0, off.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("presence_penalty")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? PresencePenalty { get; set => Set(out field, value); }

    /// <summary>Gets or sets what the logits of recent answer tokens are divided by, above 0 and at most 10.</summary>
    /// <value>The default is null: 1, off.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName(SteeringKeys.RepeatPenalty)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? RepeatPenalty { get; set => Set(out field, value); }

    /// <summary>Gets or sets texts that end the answer; they are left out of it.</summary>
    /// <value>The default is null: none.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("stop_sequences")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IList<string>? StopSequences { get; set => Set(out field, value); }

    /// <summary>Gets or sets a system prompt. It is put before the chat history's own; text generation has no place for one.</summary>
    /// <value>The default is null: none.</value>
    /// <exception cref="InvalidOperationException">The settings are frozen.</exception>
    [JsonPropertyName("chat_system_prompt")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChatSystemPrompt { get; set => Set(out field, value); }

    /// <summary>What a filter chose for the call. Code sets it, files cannot; it wins over <see cref="Concepts"/>.</summary>
    internal SteeringRequest? Chosen { get; set => Set(out field, value); }

    /// <summary>Reads settings of any kind as settings of this one.</summary>
    /// <param name="executionSettings">
    /// The settings. Those of this type are returned as they are; of others every value is taken that has the same JSON name,
    /// whether it is typed or stands in <see cref="PromptExecutionSettings.ExtensionData"/>, as a number or as text.
    /// </param>
    /// <returns>The settings; new ones if there are none.</returns>
    /// <exception cref="SteeringPolicyException">There are concepts, but not as strengths by concept name.</exception>
    /// <exception cref="ArgumentException">Another value is of the wrong type; the message names it.</exception>
    public static SteeredLlamaPromptExecutionSettings FromExecutionSettings(PromptExecutionSettings? executionSettings) => executionSettings switch
    {
        null => new SteeredLlamaPromptExecutionSettings(),
        SteeredLlamaPromptExecutionSettings settings => settings,
        _ => SettingsReader.Read(executionSettings),
    };

    /// <inheritdoc/>
    public override void Freeze()
    {
        if (IsFrozen)
        {
            return;
        }

        Concepts = Concepts is null ? null : new ReadOnlyDictionary<string, double>(Copy(Concepts));
        StopSequences = StopSequences is null ? null : new ReadOnlyCollection<string>([.. StopSequences]);
        base.Freeze();
    }

    /// <inheritdoc/>
    public override PromptExecutionSettings Clone() => new SteeredLlamaPromptExecutionSettings
    {
        ServiceId = ServiceId,
        ModelId = ModelId,
        FunctionChoiceBehavior = FunctionChoiceBehavior,
        ExtensionData = ExtensionData is null ? null : new Dictionary<string, object>(ExtensionData),
        Concepts = Concepts is null ? null : Copy(Concepts),
        Temperature = Temperature,
        TopP = TopP,
        TopK = TopK,
        MinP = MinP,
        MaxTokens = MaxTokens,
        Seed = Seed,
        FrequencyPenalty = FrequencyPenalty,
        PresencePenalty = PresencePenalty,
        RepeatPenalty = RepeatPenalty,
        StopSequences = StopSequences is null ? null : [.. StopSequences],
        ChatSystemPrompt = ChatSystemPrompt,
        Chosen = Chosen,
    };

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A function choice behavior is set: tools are not supported.</exception>
    /// <exception cref="SteeringPolicyException">Concepts are asked for twice, here and as a <see cref="SteeringRequest"/> in the extension data.</exception>
    protected override void PrepareChatOptionsForRequest(ChatOptions options) => SettingsWriter.Write(this, options);

    private static Dictionary<string, double> Copy(IDictionary<string, double> concepts) => new(concepts, StringComparer.Ordinal);

    private void Set<T>(out T field, T value)
    {
        ThrowIfFrozen();
        field = value;
    }
}
