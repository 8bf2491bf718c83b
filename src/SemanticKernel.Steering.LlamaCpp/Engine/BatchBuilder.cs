namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Fills batches: a token of every answer under way, then portions of the prompts that are being read. Rows stand in order of
/// their sequences, as llama.cpp wants them.
/// </summary>
internal sealed class BatchBuilder(Slot[] slots, TokenBatch batch, SteeringCallback callback, EngineLimits limits, HookSelection hooks)
{
    // Smaller portions cost more than the answers beside them gain.
    private const int SmallestPortion = 32;

    /// <summary>The slot that has the batch to itself because it may be the origin of a fault.</summary>
    internal Slot? Isolated { get; private set; }

    /// <returns>Whether there is anything to compute.</returns>
    internal bool Build()
    {
        batch.Clear();
        callback.ClearRows();
        ChoosePortions();
        foreach (var slot in slots)
        {
            if (slot.InBatch > 0)
            {
                AddRows(slot);
            }
        }

        return batch.Count > 0;
    }

    private void ChoosePortions()
    {
        var decoding = 0;
        Isolated = null;
        foreach (var slot in slots)
        {
            slot.InBatch = slot.IsDecoding ? 1 : 0;
            slot.OutputRow = -1;
            decoding += slot.InBatch;
            Isolated ??= slot.IsSuspect ? slot : null;
        }

        if (Isolated is not null)
        {
            Isolate(Isolated);
            return;
        }

        // While answers are under way prompts are read in small portions, so that they do not stall.
        ReadPrompts(decoding == 0 ? limits.BatchSize : Math.Max(1, Math.Min(limits.BatchSize - decoding, Math.Max(SmallestPortion, limits.BatchSize / 4))));
    }

    private void Isolate(Slot suspect)
    {
        foreach (var slot in slots)
        {
            slot.InBatch = 0;
        }

        suspect.InBatch = Math.Min(limits.BatchSize, suspect.Unread);
    }

    /// <summary>
    /// Half of the room is for the oldest prompt. The other half is for prompts that fit into it as a whole, oldest first, so
    /// that a short one does not wait for the end of a long one; what is left goes to the oldest again.
    /// </summary>
    private void ReadPrompts(int room)
    {
        if (OldestUnread(int.MaxValue) is not { } oldest)
        {
            return;
        }

        oldest.InBatch = Math.Min(room - (room / 2), oldest.Unread);
        room -= oldest.InBatch;
        while (room > 0 && OldestUnread(room) is { } whole)
        {
            whole.InBatch = whole.Unread;
            room -= whole.InBatch;
        }

        var more = Math.Min(room, oldest.Unread - oldest.InBatch);
        oldest.InBatch += more;
        if (room > more && OldestUnread(int.MaxValue) is { } next)
        {
            next.InBatch = Math.Min(room - more, next.Unread);
        }
    }

    /// <summary>The prompt that was admitted first, whichever slot it got, of those that have at most so many tokens left.</summary>
    private Slot? OldestUnread(int most)
    {
        Slot? oldest = null;
        foreach (var slot in slots)
        {
            if (slot.HasWork && slot.InBatch == 0 && slot.Unread <= most && (oldest is null || slot.Admission < oldest.Admission))
            {
                oldest = slot;
            }
        }

        return oldest;
    }

    private void AddRows(Slot slot)
    {
        if (slot.Request!.Output.Written > 0 && slot.InBatch == slot.Unread && slot.Request.Plan is var plan && plan != slot.Plan)
        {
            // The strengths were changed while the answer runs: from the token on that was chosen last.
            slot.Replan(plan);
            hooks.Update();
        }

        slot.Request.Meter?.Begin();
        for (var i = 0; i < slot.InBatch; i++)
        {
            var position = slot.Computed + i;
            var isLast = position == slot.Count - 1;
            callback.AddRow(slot.Request, slot.PlanAt(position), slot.KindAt(position), isLast);
            var row = batch.Add(slot.TokenAt(position), position, slot.Sequence, isLast);
            slot.OutputRow = isLast ? row : -1;
        }
    }
}
