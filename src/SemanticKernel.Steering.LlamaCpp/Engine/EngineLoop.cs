namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// The engine's own thread: continuous batching. Requests join and leave between any two decodes; every decode holds one
/// token of each answer under way and portions of the prompts that are being read, each row under its own plan. All use of
/// the context happens here.
/// </summary>
internal sealed class EngineLoop : IDisposable
{
    private readonly LlamaContext _context;
    private readonly SteeringCallback _callback;
    private readonly int _contextSize;
    private readonly Slot[] _slots;
    private readonly TokenBatch _batch;
    private readonly RequestQueue _queue;
    private readonly RequestEnd _ending;
    private readonly Admission _admission;
    private readonly BatchBuilder _builder;
    private readonly FaultIsolation _faults;
    private readonly AnswerWriter _writer;
    private readonly Thread _thread;

    internal EngineLoop(LlamaModel model, LlamaContext context, SteeringCallback callback, EngineLimits limits, string name)
    {
        _context = context;
        _callback = callback;
        _contextSize = limits.ContextSize;
        _slots = [.. Enumerable.Range(0, limits.MaxConcurrentRequests).Select(sequence => new Slot(sequence, limits.ContextSize))];
        _queue = new RequestQueue(limits);
        var hooks = new HookSelection(_slots, callback);
        _ending = new RequestEnd(_queue, hooks);
        _admission = new Admission(_slots, model, context, limits, hooks, _ending);
        _faults = new FaultIsolation(_slots, context, hooks, _ending);
        _writer = new AnswerWriter(model.Vocabulary, context, _ending);
        _thread = new Thread(Run) { IsBackground = true, Name = $"Steered llama: {name}" };
        _batch = new TokenBatch(limits.BatchSize);
        _builder = new BatchBuilder(_slots, _batch, callback, limits, hooks);
        _thread.Start();
    }

    /// <summary>Managed bytes allocated on this thread while the last request generated, after its first token. A test holds it at 0.</summary>
    internal long LastDecodeAllocations => _ending.LastDecodeAllocations;

    /// <summary>Prompt tokens the last request did not have to compute, because they were in the cache.</summary>
    internal int LastSharedTokens => _admission.LastSharedTokens;

    /// <summary>Whether the engine is being closed or is closed.</summary>
    internal bool IsClosed => _callback.IsClosed;

    /// <summary>Queues a request. Thread-safe.</summary>
    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="LlamaModelException">The request is longer than any may be.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    internal void Submit(EngineRequest request)
    {
        if (request.Room > _contextSize)
        {
            throw new LlamaModelException($"{request.Room} tokens are asked for, but a request may hold {_contextSize} (ContextSize).");
        }

        _queue.Submit(request);
    }

    /// <summary>Ends a request that waits. One that runs sees by itself that it is unwanted. Thread-safe.</summary>
    internal void Stop(EngineRequest request) => _queue.Withdraw(request);

    /// <summary>Takes no more requests. Those that wait and run come to their end.</summary>
    internal void Close() => _queue.Close();

    /// <summary>Waits for the end of all requests, after <see cref="Close"/>.</summary>
    internal void Join() => _thread.Join();

    public void Dispose()
    {
        _callback.Close();
        Close();

        // Whoever calls second waits as well: the context is freed after this.
        Join();
    }

    private void Run()
    {
        while (Admit())
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                EndUnwanted();
                if (_builder.Build())
                {
                    Step();
                }
            }
#pragma warning disable CA1031 // Nothing may end the engine's thread; what fails is thrown where the answers are read.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _faults.Blame(exception, _builder.Isolated);
            }

            CountAllocations(GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        _batch.Dispose();
    }

    /// <summary>Takes requests from the queue into free slots, oldest first. Waits while there is nothing to do.</summary>
    /// <returns>Whether there is anything to do; false at the end.</returns>
    private bool Admit()
    {
        while (true)
        {
            while (_queue.TryPeek(out var next) && (next.IsTaken || TryAdmit(next)))
            {
                _queue.Dequeue();
            }

            if (HasRequests())
            {
                return true;
            }

            if (!_queue.Wait())
            {
                return false;
            }
        }
    }

    /// <returns>Whether the request waits no longer.</returns>
    private bool TryAdmit(EngineRequest request)
    {
        Exception? refusal = null;
        if (IsClosed)
        {
            refusal = new ObjectDisposedException(nameof(SteeredLlamaEngine));
        }
        else if (_admission.TryAdmit(request))
        {
            return true;
        }
        else if (!HasRequests())
        {
            // Nothing will ever make room: to wait would be to wait for ever, and everybody behind it too.
            refusal = new LlamaModelException($"There is no room for a request of {request.Room} tokens, though nothing else runs.");
        }

        if (refusal is not null && request.TryTake())
        {
            _ending.Refuse(request, refusal);
        }

        return refusal is not null;
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

    private void EndUnwanted()
    {
        foreach (var slot in _slots)
        {
            if (slot.Request is { } request)
            {
                if (IsClosed)
                {
                    _ending.End(slot, EndReason.Stop, new ObjectDisposedException(nameof(SteeredLlamaEngine)));
                }
                else if (request.IsUnwanted)
                {
                    _ending.End(slot, EndReason.Stop, new OperationCanceledException(request.CancellationToken));
                }
            }
        }
    }

    /// <summary>Computes the batch and takes a token from every row of logits. After a fault nothing of it is used.</summary>
    private void Step()
    {
        _callback.ClearAbort();
        if (IsClosed || _callback.SoleOwner is { IsUnwanted: true })
        {
            return;
        }

        _callback.EnsureCovered();
        _callback.BeginDecode(_batch);
        var status = _context.Decode(_batch);

        // Before anything else: a fault does not show in the status, and the logits may be those of the decode before.
        if (_callback.EndDecode(status == DecodeStatus.Aborted) is { } fault)
        {
            _faults.Blame(new SteeringException($"Steering failed and the answer was stopped: {fault.Message}", fault), _builder.Isolated);
            return;
        }

        if (status == DecodeStatus.Aborted)
        {
            _faults.Undo();
            return;
        }

        if (status != DecodeStatus.Ok)
        {
            _faults.Blame(new LlamaModelException($"llama_decode failed with status {(int)status} ({status}) on a batch of {_batch.Count} tokens."), _builder.Isolated);
            return;
        }

        // The origin may be another row of the batch, through the cache they share.
        if (FindOverflow() is { } overflow)
        {
            _faults.Blame(overflow, _builder.Isolated);
            return;
        }

        foreach (var slot in _slots)
        {
            if (slot.InBatch > 0)
            {
                FaultIsolation.Acquit(slot);
                slot.Advance();
                if (slot.OutputRow >= 0)
                {
                    _writer.Write(slot);
                }
            }
        }
    }

    private SteeringException? FindOverflow()
    {
        foreach (var slot in _slots)
        {
            if (slot.OutputRow >= 0 && !_writer.HasFiniteLogits(slot))
            {
                return new SteeringException("The model's logits are missing or hold a NaN or infinite value. " + (slot.Plan!.Plan.IsEmpty
                    ? "Nothing is steered, so the model file is damaged or its values do not fit the KvCacheType."
                    : "Lower the strengths of the concepts in force."));
            }
        }

        return null;
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
}
