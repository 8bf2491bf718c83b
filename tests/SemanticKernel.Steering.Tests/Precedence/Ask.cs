using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>What each source asks for in one call, and the parts of a call made of it.</summary>
internal sealed class Ask
{
    internal Dictionary<Source, SteeringRequest> Of { get; } = [];

    internal Ask With(Source source, double? toxicity = null, double? politeness = null, string? policy = null)
    {
        var concepts = new Dictionary<string, double>();
        if (toxicity is { } first)
        {
            concepts["toxicity"] = first;
        }

        if (politeness is { } second)
        {
            concepts["politeness"] = second;
        }

        Of[source] = new SteeringRequest { Policy = policy, Concepts = concepts };
        return this;
    }

    internal SteeringRequest? Get(Source source) => Of.GetValueOrDefault(source);

    internal PromptExecutionSettings Settings()
    {
        var settings = new SteeredLlamaPromptExecutionSettings { Temperature = 0, MaxTokens = 1 };
        if (Get(Source.TypedSettings) is { } typed)
        {
            settings.Concepts = typed.Concepts.ToDictionary();
        }

        var data = new Dictionary<string, object>();
        if (Get(Source.LooseSettings) is { } loose)
        {
            data[SteeringKeys.Concepts] = JsonSerializer.SerializeToElement(loose.Concepts);
        }

        if (Get(Source.Options) is { } options)
        {
            data[SteeringKeys.Request] = options;
        }

        settings.ExtensionData = data.Count == 0 ? null : data;
        return settings;
    }

    internal ChatOptions Options()
    {
        var properties = new AdditionalPropertiesDictionary();
        if (Get(Source.LooseSettings) is { } loose)
        {
            properties[SteeringKeys.Concepts] = loose.Concepts.ToDictionary();
        }

        if (Get(Source.Options) is { } options)
        {
            properties[SteeringKeys.Request] = options;
        }

        return new ChatOptions { Temperature = 0, MaxOutputTokens = 1, AdditionalProperties = properties };
    }

    internal void Fill(Kernel kernel)
    {
        if (Get(Source.KernelRequest) is { } request)
        {
            kernel.Data[SteeringKeys.Request] = request;
        }

        if (Get(Source.KernelConcepts) is { } concepts)
        {
            kernel.Data[SteeringKeys.Concepts] = concepts.Concepts.ToDictionary();
            kernel.Data[SteeringKeys.Policy] = concepts.Policy;
        }
    }
}
