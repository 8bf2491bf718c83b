using System.Threading.Tasks.Sources;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>
/// Carries tokens from the engine's thread to one reader. The room for all tokens is reserved up front and the wake-up
/// object is reused, so the engine's thread neither allocates nor waits.
/// </summary>
internal sealed class TokenStream : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private readonly int[] _tokens;
    private ManualResetValueTaskSourceCore<bool> _wakeUp;
    private int _written;
    private int _read;
    private int _isWaiting;
    private volatile bool _isComplete;

    internal TokenStream(int capacity) => _tokens = new int[capacity];

    /// <summary>Why the answer ended. Valid once <see cref="WaitAsync"/> has returned false.</summary>
    /// <exception cref="InvalidOperationException">The answer has not ended.</exception>
    internal EndReason EndReason
    {
        get => AtTheEnd(field);
        private set;
    }

    /// <summary>The error that ended the answer, if one did. Valid once <see cref="WaitAsync"/> has returned false.</summary>
    /// <exception cref="InvalidOperationException">The answer has not ended.</exception>
    internal Exception? Error
    {
        get => AtTheEnd(field);
        private set;
    }

    /// <summary>Whether the last token is written. For any thread.</summary>
    internal bool IsComplete => _isComplete;

    /// <summary>Tokens written so far. For the engine's thread.</summary>
    internal int Written => _written;

    /// <summary>Adds a token. For the engine's thread.</summary>
    internal void Write(int token)
    {
        _tokens[_written] = token;
        Volatile.Write(ref _written, _written + 1);
        WakeReader();
    }

    /// <summary>Ends the stream. For the engine's thread.</summary>
    internal void Complete(EndReason reason, Exception? error)
    {
        EndReason = reason;
        Error = error;
        _isComplete = true;
        WakeReader();
    }

    /// <summary>Waits for a token or the end. One reader at a time.</summary>
    /// <returns>Whether there is a token to read.</returns>
    internal ValueTask<bool> WaitAsync()
    {
        if (TryPeek(out var result))
        {
            return new ValueTask<bool>(result);
        }

        _wakeUp.Reset();
        return TryPark(out result) ? new ValueTask<bool>(this, _wakeUp.Version) : new ValueTask<bool>(result);
    }

    /// <summary>Takes the next token after <see cref="WaitAsync"/> returned true.</summary>
    internal bool TryRead(out int token)
    {
        if (_read < Volatile.Read(ref _written))
        {
            token = _tokens[_read++];
            return true;
        }

        token = default;
        return false;
    }

    void IThreadPoolWorkItem.Execute()
    {
        bool hasToken;
        while (!TryPeek(out hasToken))
        {
            // The engine was held up between its token and its look at the flag, and the flag was that of a reader who has read
            // the token since and waits for the next.
            if (TryPark(out _))
            {
                return;
            }
        }

        _wakeUp.SetResult(hasToken);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _wakeUp.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wakeUp.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wakeUp.OnCompleted(continuation, state, token, flags);

    private T AtTheEnd<T>(T value) => _isComplete ? value : throw new InvalidOperationException("The answer has not ended.");

    /// <summary>Has the engine's thread wake the reader.</summary>
    /// <returns>Whether it will; false if there is something to read by now.</returns>
    private bool TryPark(out bool hasToken)
    {
        Interlocked.Exchange(ref _isWaiting, 1);

        // The engine may have written between the look and the flag; whoever takes the flag back owns the wake-up.
        return !TryPeek(out hasToken) || Interlocked.Exchange(ref _isWaiting, 0) == 0;
    }

    private bool TryPeek(out bool hasToken)
    {
        // Completion is read first: tokens written before it are then certainly seen.
        var isComplete = _isComplete;
        hasToken = _read < Volatile.Read(ref _written);
        return hasToken || isComplete;
    }

    private void WakeReader()
    {
        // The look at the flag must not overtake the write before it: the reader sets the flag, then looks for that write.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isWaiting) == 1 && Interlocked.Exchange(ref _isWaiting, 0) == 1)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
