namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Something the engine is asked to do, in the order of arrival.</summary>
internal abstract class EngineRequest
{
    private const int Queued = 0;
    private const int Taken = 1;

    private volatile bool _isAbandoned;
    private int _state;

    /// <summary>Whose cached prompts this request may share, and who may share its own.</summary>
    internal string? CacheScope { get; init; }

    /// <summary>Receives the tokens, and the end.</summary>
    internal required TokenStream Output { get; init; }

    internal CancellationToken CancellationToken { get; init; }

    /// <summary>Cells of the cache it may come to need.</summary>
    internal abstract int Room { get; }

    /// <summary>Whether somebody has taken the request: the engine to run it, or the caller to cancel it.</summary>
    internal bool IsTaken => Volatile.Read(ref _state) == Taken;

    /// <summary>Whether nobody will read the rest, or the caller has cancelled.</summary>
    internal bool IsUnwanted => _isAbandoned || CancellationToken.IsCancellationRequested;

    /// <summary>Marks the answer as one nobody will read on.</summary>
    internal void Abandon() => _isAbandoned = true;

    /// <summary>Takes the request out of the queue, to run it or to cancel it there. Only the first caller gets it.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;
}
