namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Lays one request over another.</summary>
internal static class SteeringRequestMerge
{
    /// <summary>Merges requests, weakest first. A later one wins concept by concept, and with its policy if it names one.</summary>
    internal static SteeringRequest? Merge(params ReadOnlySpan<SteeringRequest?> requests)
    {
        SteeringRequest? merged = null;
        foreach (var request in requests)
        {
            if (request is null)
            {
                continue;
            }

            if (merged is null)
            {
                merged = request;
                continue;
            }

            var concepts = merged.Concepts.ToDictionary(StringComparer.Ordinal);
            foreach (var (concept, strength) in request.Concepts)
            {
                concepts[concept] = strength;
            }

            merged = new SteeringRequest { Policy = request.Policy ?? merged.Policy, Concepts = concepts };
        }

        return merged;
    }
}
