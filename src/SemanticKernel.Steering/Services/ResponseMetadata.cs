using System.Collections.ObjectModel;
using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering;

/// <summary>Collects what is known about an answer under the names Semantic Kernel looks for.</summary>
internal static class ResponseMetadata
{
    private const string CreatedAt = "CreatedAt";
    private const string FinishReason = "FinishReason";
    private const string Id = "Id";
    private const string ModelId = "ModelId";
    private const string Usage = "Usage";

    internal static IReadOnlyDictionary<string, object?> Of(ChatResponse response) => Build(
        response.ResponseId,
        response.ModelId,
        response.CreatedAt,
        response.FinishReason,
        response.Usage,
        [response.AdditionalProperties, .. response.Messages.Select(message => message.AdditionalProperties)]);

    internal static IReadOnlyDictionary<string, object?> Of(ChatResponseUpdate update) => Build(
        update.ResponseId,
        update.ModelId,
        update.CreatedAt,
        update.FinishReason,
        update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details,
        [update.AdditionalProperties]);

    private static ReadOnlyDictionary<string, object?> Build(
        string? id, string? modelId, DateTimeOffset? createdAt, ChatFinishReason? finishReason, UsageDetails? usage, AdditionalPropertiesDictionary?[] properties)
    {
        var metadata = new Dictionary<string, object?>();
        foreach (var (key, value) in properties.OfType<AdditionalPropertiesDictionary>().SelectMany(entries => entries))
        {
            metadata[key] = value;
        }

        metadata[Id] = id;
        metadata[ModelId] = modelId;
        metadata[CreatedAt] = createdAt;
        if (finishReason is { } reason)
        {
            metadata[FinishReason] = reason.Value;
        }

        if (usage is not null)
        {
            metadata[Usage] = usage;
        }

        return new ReadOnlyDictionary<string, object?>(metadata);
    }
}
