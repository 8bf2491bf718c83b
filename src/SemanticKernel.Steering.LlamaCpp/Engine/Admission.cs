namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Gives requests a slot once their prompt and longest answer fit into the cache for certain, so that none dies midway because
/// another came. Kept prefixes are used again where they fit, and evicted where room is needed.
/// </summary>
internal sealed class Admission(Slot[] slots, LlamaModel model, LlamaContext context, EngineLimits limits, HookSelection hooks, RequestEnd ending)
{
    // A prefix that saves less is not worth it: computing a prompt in other portions changes its logits in the last bits.
    private const int SmallestSharedPrefix = 64;

    private long _admissions;

    /// <summary>Prompt tokens the last request did not have to compute, because they were in the cache.</summary>
    internal int LastSharedTokens { get; private set; }

    /// <returns>Whether the request waits no longer: it has a slot, or has failed, or was withdrawn.</returns>
    internal bool TryAdmit(EngineRequest request)
    {
        var (slot, shared) = ChooseSlot(request);
        if (slot is null || !MakeRoom(slot, request.Room))
        {
            return false;
        }

        if (!request.TryTake())
        {
            return true;
        }

        try
        {
            if (request is GenerationRequest generation)
            {
                Begin(slot, generation, shared);
            }
            else
            {
                Restore(slot, (RestoreRequest)request);
            }
        }
#pragma warning disable CA1031 // Whatever goes wrong belongs to the request and is thrown where its answer is read.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            ending.Refuse(request, exception);
        }

        return true;
    }

    private void Begin(Slot slot, GenerationRequest request, int shared)
    {
        var sampler = new Sampler(request.Sampling, model.VocabularySize);
        if (!context.Remove(slot.Sequence, shared))
        {
            // Recurrent states cannot forget only their end.
            context.Remove(slot.Sequence);
            shared = 0;
        }

        LastSharedTokens = shared;
        slot.Begin(request, sampler, shared, ++_admissions);
        hooks.Update();
    }

    private void Restore(Slot slot, RestoreRequest request)
    {
        context.Remove(slot.Sequence);
        slot.Restart();
        SequenceState.Write(context, slot.Sequence, request.Prefix.Values);
        ending.Keep(slot, request);
    }

    /// <summary>The free slot that shares the longest prefix, or else the one unused for longest.</summary>
    private (Slot? Slot, int Shared) ChooseSlot(EngineRequest request)
    {
        Slot? best = null;
        var bestShared = 0;
        foreach (var slot in slots)
        {
            if (slot.Request is not null)
            {
                continue;
            }

            var shared = request is GenerationRequest generation ? CountUsable(slot, generation) : 0;
            if (best is null || shared > bestShared || (shared == bestShared && slot.LastUsed < best.LastUsed))
            {
                (best, bestShared) = (slot, shared);
            }
        }

        return (best, bestShared);
    }

    /// <summary>How many tokens of the prompt need not be computed in this slot.</summary>
    private int CountUsable(Slot slot, GenerationRequest request)
    {
        // At least one token must be computed to have logits.
        var shared = Math.Min(slot.CountShared(request), request.Prompt.Length - 1);
        if (shared < SmallestSharedPrefix)
        {
            return 0;
        }

        // A sliding window ends with the tokens that are kept. Taken back to an earlier one, it would miss those it has given up.
        return model.SlidingWindow == 0 || context.FirstPosition(slot.Sequence) <= Math.Max(0, shared - model.SlidingWindow + 1) ? shared : 0;
    }

    /// <summary>Evicts kept prefixes, least recently used first, until the request's tokens fit for certain.</summary>
    private bool MakeRoom(Slot chosen, int needed)
    {
        var certain = needed;
        foreach (var slot in slots)
        {
            certain += slot != chosen && slot.Request is not null ? slot.Reserved : 0;
        }

        // Nothing is evicted for a request that has to wait all the same.
        while (certain <= limits.CacheSize)
        {
            var used = needed;
            Slot? oldest = null;
            foreach (var slot in slots)
            {
                if (slot != chosen)
                {
                    used += slot.Reserved;
                    if (slot.Request is null && slot.Computed > 0 && (oldest is null || slot.LastUsed < oldest.LastUsed))
                    {
                        oldest = slot;
                    }
                }
            }

            if (used <= limits.CacheSize)
            {
                return true;
            }

            if (oldest is null)
            {
                return false;
            }

            context.Remove(oldest.Sequence);
            oldest.Restart();
        }

        return false;
    }
}
