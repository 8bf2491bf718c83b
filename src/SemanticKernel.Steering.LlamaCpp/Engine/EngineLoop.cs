using System.Collections.Concurrent;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// The engine's own thread: continuous batching. Requests join and leave between any two decodes; every decode holds one
/// token of each answer under way and chunks of the prompts that are being read, each row under its own plan. All use of the
/// context happens here.
/// </summary>
internal sealed class EngineLoop : IDisposable
{
    // A prefix that saves less is not worth it: computing a prompt in other portions changes its logits in the last bits.
    private const int SmallestSharedPrefix = 64;

    private readonly BlockingCollection<GenerationRequest> _queue = [];
    private readonly Queue<GenerationRequest> _waiting = new();
    private readonly LlamaVocabulary _vocabulary;
    private readonly LlamaContext _context;
    private readonly SteeringCallback _callback;
    private readonly TokenBatch _batch;
    private readonly Slot[] _slots;
    private readonly bool[] _activeHooks;
    private readonly bool[] _wantedHooks;
    private readonly EngineLimits _limits;
    private readonly Thread _thread;
    private volatile GenerationRequest? _alone;
    private volatile bool _isStopping;
    private int _isDisposed;
    private int _pending;
    private long _step;
    private long _admissions;
    private Slot? _isolated;

    internal EngineLoop(LlamaVocabulary vocabulary, LlamaContext context, SteeringCallback callback, EngineLimits limits, string name)
    {
        _vocabulary = vocabulary;
        _context = context;
        _callback = callback;
        _limits = limits;
        _batch = new TokenBatch(limits.BatchSize);
        _slots = [.. Enumerable.Range(0, limits.MaxConcurrentRequests).Select(sequence => new Slot(sequence, limits.ContextSize))];
        _activeHooks = new bool[callback.HookCount];
        _wantedHooks = new bool[callback.HookCount];
        _thread = new Thread(Run) { IsBackground = true, Name = $"Steered llama: {name}" };
        _thread.Start();
    }

    /// <summary>Managed bytes allocated on this thread while the last request generated, after its first token. A test holds it at 0.</summary>
    internal long LastDecodeAllocations { get; private set; }

    /// <summary>Prompt tokens the last request did not have to compute, because they were in the cache.</summary>
    internal int LastSharedTokens { get; private set; }

    /// <summary>Whether the engine is being closed or is closed.</summary>
    internal bool IsClosed => _isStopping;

    /// <summary>Queues a request. Thread-safe.</summary>
    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    internal void Submit(GenerationRequest request)
    {
        if (Interlocked.Increment(ref _pending) > _limits.MaxConcurrentRequests + _limits.MaxQueuedRequests)
        {
            Interlocked.Decrement(ref _pending);
            throw new EngineBusyException(_limits.MaxConcurrentRequests, _limits.MaxQueuedRequests);
        }

        try
        {
            _queue.Add(request);
        }
        catch (InvalidOperationException exception)
        {
            Interlocked.Decrement(ref _pending);
            throw new ObjectDisposedException("The engine is closed.", exception);
        }
    }

    /// <summary>Stops an unwanted request, whether it waits or runs. Thread-safe. The request must say it is unwanted already.</summary>
    internal void Stop(GenerationRequest request)
    {
        if (request.TryTake())
        {
            Interlocked.Decrement(ref _pending);
            request.Output.Complete(EndReason.Stop, new OperationCanceledException(request.CancellationToken));
        }
        else if (_alone == request)
        {
            // Only a request that has the batch to itself stops a decode midway; others would lose their work. Should another
            // have begun meanwhile, it sees that it is still wanted and repeats the decode.
            _callback.RequestAbort();
        }
    }

    /// <summary>Takes no more requests and lets those that wait and run come to their end.</summary>
    internal void Drain()
    {
        _queue.CompleteAdding();
        _thread.Join();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _isStopping = true;
            _queue.CompleteAdding();
            _callback.RequestAbort();
        }

        // Whoever calls second waits as well: the context is freed after this.
        _thread.Join();
    }

    private void Run()
    {
        while (Admit())
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                EndUnwanted();
                if (BuildBatch())
                {
                    Step();
                }
            }
#pragma warning disable CA1031 // Nothing may end the engine's thread; what fails is thrown where the answers are read.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Blame(exception);
            }

            CountAllocations(GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        foreach (var slot in _slots)
        {
            slot.End();
        }

        _batch.Dispose();
    }

    /// <summary>Takes requests from the queue into free slots, oldest first. Waits while there is nothing to do.</summary>
    /// <returns>Whether there is anything to do; false at the end.</returns>
    private bool Admit()
    {
        while (true)
        {
            while (_queue.Count > 0 && _queue.TryTake(out var queued))
            {
                _waiting.Enqueue(queued);
            }

            while (_waiting.TryPeek(out var next) && (next.IsTaken || TryAdmit(next)))
            {
                _waiting.Dequeue();
            }

            if (HasRequests())
            {
                return true;
            }

            if (_waiting.Count == 0)
            {
                if (!_queue.TryTake(out var queued, Timeout.Infinite))
                {
                    return false;
                }

                _waiting.Enqueue(queued);
            }
        }
    }

    private bool HasRequests()
    {
        foreach (var slot in _slots)
        {
            if (slot.Request is not null)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryAdmit(GenerationRequest request)
    {
        var (slot, shared) = ChooseSlot(request);
        if (slot is null || !MakeRoom(slot, request.Prompt.Length + request.MaxTokens))
        {
            return false;
        }

        if (!request.TryTake())
        {
            return true;
        }

        try
        {
            var sampler = new Sampler(request.Sampling, _vocabulary.Count);
            if (!_context.Remove(slot.Sequence, shared))
            {
                // Recurrent states cannot forget only their end.
                _context.Remove(slot.Sequence);
                shared = 0;
            }

            LastSharedTokens = shared;
            slot.Begin(request, sampler, shared);
            (slot.LastUsed, slot.Admission) = (++_step, ++_admissions);
            UpdateHooks();
        }
#pragma warning disable CA1031 // Whatever goes wrong belongs to the request and is thrown where its answer is read.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Finish(slot, request, EndReason.Stop, exception);
        }

        return true;
    }

    /// <summary>The free slot that shares the longest prefix, or else the one unused for longest.</summary>
    private (Slot? Slot, int Shared) ChooseSlot(GenerationRequest request)
    {
        Slot? best = null;
        var bestShared = 0;
        foreach (var slot in _slots)
        {
            if (slot.Request is not null)
            {
                continue;
            }

            // At least one token must be computed to have logits.
            var shared = Math.Min(slot.CountShared(request), request.Prompt.Length - 1);
            shared = shared < SmallestSharedPrefix ? 0 : shared;
            if (best is null || shared > bestShared || (shared == bestShared && slot.LastUsed < best.LastUsed))
            {
                (best, bestShared) = (slot, shared);
            }
        }

        return (best, bestShared);
    }

    /// <summary>Evicts kept prefixes, least recently used first, until the request's tokens fit for certain.</summary>
    private bool MakeRoom(Slot chosen, int needed)
    {
        var certain = needed;
        foreach (var slot in _slots)
        {
            certain += slot != chosen && slot.Request is not null ? slot.Reserved : 0;
        }

        // Nothing is evicted for a request that has to wait all the same.
        while (certain <= _limits.CacheSize)
        {
            var used = needed;
            Slot? oldest = null;
            foreach (var slot in _slots)
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

            if (used <= _limits.CacheSize)
            {
                return true;
            }

            if (oldest is null)
            {
                return false;
            }

            _context.Remove(oldest.Sequence);
            oldest.Restart();
        }

        return false;
    }

    private void EndUnwanted()
    {
        foreach (var slot in _slots)
        {
            if (slot.Request is { } request)
            {
                if (_isStopping)
                {
                    Finish(slot, request, EndReason.Stop, new ObjectDisposedException(nameof(SteeredLlamaEngine)));
                }
                else if (request.IsUnwanted)
                {
                    Finish(slot, request, EndReason.Stop, new OperationCanceledException(request.CancellationToken));
                }
            }
        }
    }

    /// <summary>Fills the batch: a token of every answer under way, then chunks of prompts. Rows stand in order of their sequences.</summary>
    private bool BuildBatch()
    {
        _batch.Clear();
        _callback.ClearRows();
        _alone = null;
        ChoosePortions();
        var members = 0;
        foreach (var slot in _slots)
        {
            if (slot.InBatch > 0)
            {
                AddRows(slot, slot.InBatch);
                members++;
                _alone = members == 1 ? slot.Request : null;
            }
        }

        return members > 0;
    }

    private void ChoosePortions()
    {
        var decoding = 0;
        _isolated = null;
        foreach (var slot in _slots)
        {
            slot.InBatch = 0;
            slot.OutputRow = -1;
            decoding += slot.IsDecoding ? 1 : 0;
            _isolated ??= slot.IsSuspect ? slot : null;
        }

        if (_isolated is not null)
        {
            _isolated.InBatch = Math.Min(_limits.BatchSize, _isolated.Count - _isolated.Computed);
            return;
        }

        // While answers are under way a long prompt is read in small portions, so that they do not stall.
        var room = decoding == 0 ? _limits.BatchSize : Math.Max(1, Math.Min(_limits.BatchSize - decoding, Math.Max(32, _limits.BatchSize / 4)));
        foreach (var slot in _slots)
        {
            slot.InBatch = slot.IsDecoding ? 1 : 0;
        }

        while (room > 0 && OldestUnreadPrompt() is { } next)
        {
            next.InBatch = Math.Min(room, next.Count - next.Computed);
            room -= next.InBatch;
        }
    }

    /// <summary>Prompts are read in the order in which they were admitted, whichever slot they got.</summary>
    private Slot? OldestUnreadPrompt()
    {
        Slot? oldest = null;
        foreach (var slot in _slots)
        {
            if (slot.HasWork && slot.InBatch == 0 && (oldest is null || slot.Admission < oldest.Admission))
            {
                oldest = slot;
            }
        }

        return oldest;
    }

    private void AddRows(Slot slot, int portion)
    {
        if (slot.Request!.Output.Written > 0 && slot.Computed + portion == slot.Count && slot.Request.Plan is var plan && plan != slot.Plan)
        {
            // The strengths were changed while the answer runs: from the token on that was chosen last.
            slot.Replan(plan);
            UpdateHooks();
        }

        for (var i = 0; i < portion; i++)
        {
            var position = slot.Computed + i;
            var isLast = position == slot.Count - 1;
            _callback.AddRow(slot.Request!, slot.PlanAt(position), slot.KindAt(position), isLast);
            var row = _batch.Add(slot.TokenAt(position), position, slot.Sequence, isLast);
            slot.OutputRow = isLast ? row : -1;
        }
    }

    /// <summary>Computes the batch and takes a token from every row of logits. After a fault nothing of it is used.</summary>
    private void Step()
    {
        _step++;
        _callback.ClearAbort();
        if (_isStopping || _alone is { IsUnwanted: true })
        {
            return;
        }

        _callback.EnsureCovered();
        _callback.BeginDecode(_batch);
        var status = _context.Decode(_batch);

        // Before anything else: a fault does not show in the status, and the logits may be those of the decode before.
        if (_callback.EndDecode(status == DecodeStatus.Aborted) is { } fault)
        {
            Blame(new SteeringException($"Steering failed and the answer was stopped: {fault.Message}", fault));
            return;
        }

        if (status == DecodeStatus.Aborted)
        {
            Undo();
            return;
        }

        if (status != DecodeStatus.Ok)
        {
            Blame(new LlamaModelException($"llama_decode failed with status {(int)status} ({status}) on a batch of {_batch.Count} tokens."));
            return;
        }

        foreach (var slot in _slots)
        {
            if (slot.OutputRow >= 0 && !HasFiniteLogits(slot))
            {
                // The origin may be another row of the batch, through the cache they share.
                Blame(new SteeringException("The model's logits are missing or hold a NaN or infinite value. " + (slot.Plan!.Plan.IsEmpty
                    ? "Nothing is steered, so the model file is damaged or its values do not fit the KvCacheType."
                    : "Lower the strengths of the concepts in force.")));
                return;
            }
        }

        foreach (var slot in _slots)
        {
            if (slot.InBatch > 0)
            {
                slot.IsSuspect &= slot.OutputRow < 0;
                Take(slot);
            }
        }
    }

    private bool HasFiniteLogits(Slot slot)
    {
        var logits = _context.Logits(slot.OutputRow, _vocabulary.Count);
        return !logits.IsEmpty && Finite.IndexOfNonFinite(logits) < 0;
    }

    /// <summary>Takes a decode back that was stopped midway. What the cache held before stays.</summary>
    private void Undo()
    {
        foreach (var slot in _slots)
        {
            if (slot.InBatch > 0 && !_context.Remove(slot.Sequence, slot.Computed))
            {
                _context.Remove(slot.Sequence);
                slot.Restart();
                UpdateHooks();
            }
        }
    }

    /// <summary>
    /// Ends the request a fault came from and has all others computed again from their tokens: what the cache holds is not to
    /// be trusted. Where a fault shows says little about its origin, because a NaN travels through the cache to rows of other
    /// requests, even from a prompt whose logits nobody has looked at yet. So every request has to prove itself alone, in a
    /// cache that holds nothing but what has proved itself; only what fails there is ended.
    /// </summary>
    private void Blame(Exception error)
    {
        if (_isolated is { Request: { } culprit } isolated)
        {
            Finish(isolated, culprit, EndReason.Stop, error);
        }
        else
        {
            foreach (var slot in _slots)
            {
                slot.IsSuspect = slot.Request is not null;
            }
        }

        Forget();
    }

    /// <summary>Overwrites the cache. What is still wanted of it is computed again.</summary>
    private void Forget()
    {
        _context.Clear(wipe: true);
        foreach (var slot in _slots)
        {
            slot.Restart();
        }

        UpdateHooks();
    }

    private void Take(Slot slot)
    {
        var request = slot.Request!;
        slot.Advance();
        slot.LastUsed = _step;
        if (slot.OutputRow < 0)
        {
            return;
        }

        request.OnLogits?.Invoke(_context.Logits(slot.OutputRow, _vocabulary.Count), request.Output.Written);
        var token = slot.Sampler!.Sample(_context, slot.OutputRow);
        if (_vocabulary.IsEndOfGeneration(token))
        {
            Finish(slot, request, EndReason.Stop, null);
            return;
        }

        request.Output.Write(token);
        if (CompletesStopSequence(request.Stops, token))
        {
            Finish(slot, request, EndReason.Stop, null);
        }
        else if (request.Output.Written == request.MaxTokens)
        {
            Finish(slot, request, EndReason.Length, null);
        }
        else
        {
            slot.Append(token, RowKind.Generated);
        }
    }

    private void Finish(Slot slot, GenerationRequest request, EndReason reason, Exception? error)
    {
        LastDecodeAllocations = slot.Allocations;
        slot.End();
        Interlocked.Decrement(ref _pending);
        UpdateHooks();
        request.Output.Complete(reason, error);
    }

    /// <summary>Stops at the hooks of all plans in force. Does nothing while they stay the same.</summary>
    private void UpdateHooks()
    {
        Array.Clear(_wantedHooks);
        foreach (var slot in _slots)
        {
            Want(slot.Plan);
            CompiledPlan? last = slot.Plan;
            for (var position = slot.Computed; slot.Request is not null && position < slot.Count; position++)
            {
                if (slot.PlanAt(position) is var plan && plan != last)
                {
                    Want(last = plan);
                }
            }
        }

        if (!_wantedHooks.AsSpan().SequenceEqual(_activeHooks))
        {
            _wantedHooks.CopyTo(_activeHooks, 0);
            _callback.Use(_activeHooks);
        }
    }

    private void Want(CompiledPlan? plan)
    {
        for (var hook = 0; plan is not null && hook < _wantedHooks.Length; hook++)
        {
            _wantedHooks[hook] |= plan.ActiveHooks[hook];
        }
    }

    private void CountAllocations(long bytes)
    {
        foreach (var slot in _slots)
        {
            if (slot.Request is { } request && request.Output.Written > 1)
            {
                slot.Allocations += bytes;
            }
        }
    }

    private bool CompletesStopSequence(StopMatcher stops, int token)
    {
        if (stops.IsEmpty)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[LlamaVocabulary.MaxPieceBytes];
        var count = _vocabulary.GetBytes(token, bytes);
        return count > 0 && stops.Take(bytes[..count]) >= 0;
    }
}
