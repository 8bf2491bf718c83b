using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>A response cache keeps JSON and gives back reports as such. Callers shall find the type they know.</summary>
internal static class CachedReport
{
    internal static void Restore(AdditionalPropertiesDictionary? properties)
    {
        if (properties is not null && properties.TryGetValue(SteeringKeys.Report, out var value) && value is JsonElement json)
        {
            properties[SteeringKeys.Report] = json.Deserialize<SteeringReport>(AIJsonUtilities.DefaultOptions);
        }
    }
}
