using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Requests on their way to the engine, oldest first, and the count of all that are not answered. Any thread may submit and
/// withdraw; the engine's thread alone takes.
/// </summary>
internal sealed class RequestQueue(EngineLimits limits)
{
    private readonly BlockingCollection<EngineRequest> _arriving = [];
    private readonly Queue<EngineRequest> _waiting = new();
    private int _pending;

    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    internal void Submit(EngineRequest request)
    {
        if (Interlocked.Increment(ref _pending) > limits.MaxConcurrentRequests + limits.MaxQueuedRequests)
        {
            Release();
            throw new EngineBusyException(limits.MaxConcurrentRequests, limits.MaxQueuedRequests);
        }

        try
        {
            _arriving.Add(request);
        }
        catch (InvalidOperationException exception)
        {
            Release();
            throw new ObjectDisposedException("The engine is closed.", exception);
        }
    }

    /// <summary>Ends a request if it still waits; otherwise the engine has it.</summary>
    internal void Withdraw(EngineRequest request)
    {
        if (request.TryTake())
        {
            Release();
            request.Output.Complete(EndReason.Stop, new OperationCanceledException(request.CancellationToken));
        }
    }

    /// <summary>Makes room for another request in place of one that has ended.</summary>
    internal void Release() => Interlocked.Decrement(ref _pending);

    /// <summary>Takes no more requests. What waits stays.</summary>
    internal void Close() => _arriving.CompleteAdding();

    /// <summary>The oldest request that waits, among them those that were withdrawn.</summary>
    internal bool TryPeek([NotNullWhen(true)] out EngineRequest? oldest)
    {
        while (_arriving.Count > 0 && _arriving.TryTake(out var request))
        {
            _waiting.Enqueue(request);
        }

        if (_waiting.Count > 2 * (limits.MaxConcurrentRequests + limits.MaxQueuedRequests))
        {
            RemoveWithdrawn();
        }

        return _waiting.TryPeek(out oldest);
    }

    /// <summary>Lets go of requests that nobody waits for any longer, however many come and go behind one that has to wait.</summary>
    private void RemoveWithdrawn()
    {
        for (var count = _waiting.Count; count > 0; count--)
        {
            if (_waiting.Dequeue() is { IsTaken: false } request)
            {
                _waiting.Enqueue(request);
            }
        }
    }

    /// <summary>Drops what <see cref="TryPeek"/> gave.</summary>
    internal void Dequeue() => _waiting.Dequeue();

    /// <summary>Waits until a request is there.</summary>
    /// <returns>Whether one is; false once the queue is closed and empty.</returns>
    internal bool Wait()
    {
        if (_waiting.Count == 0)
        {
            if (!_arriving.TryTake(out var request, Timeout.Infinite))
            {
                return false;
            }

            _waiting.Enqueue(request);
        }

        return true;
    }
}
