namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Ends the request a fault came from and has all others computed again from their tokens: what the cache holds is not to be
/// trusted. Where a fault shows says little about its origin, because a NaN travels through the cache to rows of other
/// requests, even from a prompt whose logits nobody has looked at yet. So every request has to prove itself alone, in a cache
/// that holds nothing but what has proved itself; only what fails there is ended.
/// </summary>
internal sealed class FaultIsolation(Slot[] slots, LlamaContext context, HookSelection hooks, RequestEnd ending)
{
    /// <param name="error">What went wrong.</param>
    /// <param name="isolated">The slot that had the batch to itself as a suspect; null while the origin is unknown.</param>
    internal void Blame(Exception error, Slot? isolated)
    {
        if (isolated is { Request: not null })
        {
            ending.End(isolated, EndReason.Stop, error);
        }
        else
        {
            foreach (var slot in slots)
            {
                slot.IsSuspect = slot.Request is not null;
            }
        }

        Forget();
    }

    /// <summary>Clears a suspect that has logits.</summary>
    internal static void Acquit(Slot slot) => slot.IsSuspect &= slot.OutputRow < 0;

    /// <summary>Takes a decode back that was stopped midway. What the cache held before stays.</summary>
    internal void Undo()
    {
        foreach (var slot in slots)
        {
            if (slot.InBatch > 0 && !context.Remove(slot.Sequence, slot.Computed))
            {
                context.Remove(slot.Sequence);
                slot.Restart();
                hooks.Update();
            }
        }
    }

    /// <summary>Overwrites the cache. What is still wanted of it is computed again.</summary>
    private void Forget()
    {
        context.Clear(wipe: true);
        foreach (var slot in slots)
        {
            slot.Restart();
        }

        hooks.Update();
    }
}
