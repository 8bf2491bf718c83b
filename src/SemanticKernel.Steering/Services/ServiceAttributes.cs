using System.Collections.ObjectModel;
using Microsoft.SemanticKernel.Services;

namespace SemanticKernel.Steering;

/// <summary>What services say about themselves; service selection reads it.</summary>
internal static class ServiceAttributes
{
    internal static IReadOnlyDictionary<string, object?> Of(string modelId) =>
        new ReadOnlyDictionary<string, object?>(new Dictionary<string, object?> { [AIServiceExtensions.ModelIdKey] = modelId });
}
