namespace SteeredChat;

/// <summary>Messages from the background. They wait while an answer is on the screen. Thread-safe.</summary>
internal sealed class Notices
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _waiting = new();
    private Action<string>? _listener;

    /// <summary>Tells something, now or when somebody listens.</summary>
    public void Add(string text)
    {
        lock (_lock)
        {
            if (_listener is null)
            {
                _waiting.Enqueue(text);
            }
            else
            {
                _listener(text);
            }
        }
    }

    /// <summary>Sets who hears all messages from now on, and those that wait; null to let them wait.</summary>
    public void Listen(Action<string>? listener)
    {
        lock (_lock)
        {
            _listener = listener;
            while (listener is not null && _waiting.TryDequeue(out var text))
            {
                listener(text);
            }
        }
    }
}
