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
        // Read once: a change from now on counts from the answer's next token, and must not be taken for what the cache was computed under.
        var plan = (request as GenerationRequest)?.Plan;
        if (Place(request, plan) is not { } placement)
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
                Begin(placement, generation, plan!);
            }
            else
            {
                Restore(placement.Slot, (RestoreRequest)request);
            }
        }
#pragma warning disable CA1031 // Whatever goes wrong belongs to the request and is thrown where its answer is read.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (placement.Slot.Request == request)
            {
                ending.End(placement.Slot, EndReason.Stop, exception);
            }
            else
            {
                ending.Refuse(request, exception);
            }
        }

        return true;
    }

    private void Begin(Placement placement, GenerationRequest request, CompiledPlan plan)
    {
        var (slot, source, shared) = placement;
        var sampler = new Sampler(request.Sampling, model.VocabularySize);
        if (source is not null)
        {
            context.Remove(slot.Sequence);
            context.Share(source.Sequence, slot.Sequence, shared);
        }
        else if (!context.Remove(slot.Sequence, shared))
        {
            // Recurrent states cannot forget only their end.
            context.Remove(slot.Sequence);
            shared = 0;
        }

        LastSharedTokens = shared;
        slot.Begin(request, plan, sampler, shared, ++_admissions);
        hooks.Update();
    }

    private void Restore(Slot slot, RestoreRequest request)
    {
        context.Remove(slot.Sequence);
        slot.Restart();
        SequenceState.Write(context, slot.Sequence, request.Prefix.Values);
        ending.Keep(slot, request);
    }

    /// <summary>Finds a slot and makes room. Null while there is none.</summary>
    private Placement? Place(EngineRequest request, CompiledPlan? plan)
    {
        if (LeastValuable() is not { } free)
        {
            return null;
        }

        var (source, shared) = request is GenerationRequest generation ? LongestPrefix(generation, plan!) : default;
        if (source is not null)
        {
            // The rest of another conversation, which begins alike, is worth keeping. Not so with sliding windows: llama.cpp gives up cells that
            // have left them only if a single sequence holds these, and counts on having them back.
            var isNeeded = source.Request is not null || (source != free && source.Computed - shared >= SmallestSharedPrefix);
            if (isNeeded && model.SlidingWindow == 0 && MakeRoom(free, request.Room, keep: source))
            {
                return new Placement(free, source, shared);
            }

            if (source.Request is null)
            {
                return MakeRoom(source, request.Room) ? new Placement(source, null, shared) : null;
            }
        }

        return MakeRoom(free, request.Room) ? new Placement(free, null, 0) : null;
    }

    /// <summary>The free slot whose contents will be missed least: one with nothing worth sharing, or else the one unused for longest.</summary>
    private Slot? LeastValuable()
    {
        Slot? least = null;
        foreach (var slot in slots)
        {
            if (slot.Request is null && (least is null || Value(slot).CompareTo(Value(least)) < 0))
            {
                least = slot;
            }
        }

        return least;

        static (bool IsWorthSharing, long LastUsed) Value(Slot slot) => (slot.Computed >= SmallestSharedPrefix, slot.LastUsed);
    }

    /// <summary>The slot that shares the longest prefix, one that is free before one in use.</summary>
    private (Slot? Slot, int Shared) LongestPrefix(GenerationRequest request, CompiledPlan plan)
    {
        (Slot? Slot, int Shared) best = default;
        foreach (var slot in slots)
        {
            var shared = CountUsable(slot, request, plan);
            if (shared > best.Shared || (shared > 0 && shared == best.Shared && best.Slot!.Request is not null && slot.Request is null))
            {
                best = (slot, shared);
            }
        }

        return best;
    }

    /// <summary>How many tokens of the prompt need not be computed beside or in this slot.</summary>
    private int CountUsable(Slot slot, GenerationRequest request, CompiledPlan plan)
    {
        // At least one token must be computed to have logits.
        var shared = Math.Min(slot.CountShared(request, plan), request.Prompt.Length - 1);
        if (shared < SmallestSharedPrefix)
        {
            return 0;
        }

        // A sliding window ends with the tokens that are kept. Taken back to an earlier one, it would miss those it has given up.
        return model.SlidingWindow == 0 || context.FirstPosition(slot.Sequence) <= Math.Max(0, shared - model.SlidingWindow + 1) ? shared : 0;
    }

    /// <summary>Evicts kept prefixes, least recently used first, until the request's tokens fit for certain.</summary>
    private bool MakeRoom(Slot chosen, int needed, Slot? keep = null)
    {
        var certain = needed;
        foreach (var slot in slots)
        {
            certain += slot != chosen && (slot.Request is not null || slot == keep) ? slot.Reserved : 0;
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
                    if (slot.Request is null && slot != keep && slot.Computed > 0 && (oldest is null || slot.LastUsed < oldest.LastUsed))
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
