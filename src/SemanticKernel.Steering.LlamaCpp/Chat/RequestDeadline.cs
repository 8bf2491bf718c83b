namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Joins the caller's cancellation with the engine's time limits for a request.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly TimeSpan? _total;
    private readonly TimeSpan? _firstToken;
    private readonly CancellationTokenSource? _source;
    private readonly Timer? _timer;
    private volatile bool _isFirstTokenLate;

    internal RequestDeadline(SteeredLlamaEngine engine, CancellationToken caller, bool bringsTokens = true)
    {
        (_total, _firstToken, _caller) = (engine.RequestTimeout, bringsTokens ? engine.FirstTokenTimeout : null, caller);
        if (_total is null && _firstToken is null)
        {
            return;
        }

        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _source.CancelAfter(_total ?? Timeout.InfiniteTimeSpan);
        if (_firstToken is { } limit)
        {
            _timer = new Timer(_ => OnFirstTokenLate(), null, limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancelled by the caller or when time is up.</summary>
    internal CancellationToken Token => _source?.Token ?? _caller;

    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    /// <exception cref="TimeoutException">Time is up.</exception>
    internal void ThrowIfOver()
    {
        if (Token.IsCancellationRequested)
        {
            throw ToException();
        }
    }

    internal void OnToken() => _timer?.Change(Timeout.Infinite, Timeout.Infinite);

    /// <summary>The error for a request that was cancelled.</summary>
    internal Exception ToException() => _caller.IsCancellationRequested || _source is null
        ? new OperationCanceledException(_caller)
        : new TimeoutException(_isFirstTokenLate
            ? $"The first token did not come within {_firstToken} (FirstTokenTimeout)."
            : $"The request took longer than {_total} (RequestTimeout).");

    public void Dispose()
    {
        _timer?.Dispose();
        _source?.Dispose();
    }

    private void OnFirstTokenLate()
    {
        _isFirstTokenLate = true;
        try
        {
            _source!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer ended in the same moment.
        }
    }
}
