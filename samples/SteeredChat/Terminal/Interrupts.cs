namespace SteeredChat;

/// <summary>Ctrl+C: the first press cancels what is running, a second one within two seconds ends the program.</summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly TimeSpan Twice = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _running;
    private DateTime _last;

    public Interrupts() => Console.CancelKeyPress += OnPress;

    /// <summary>Called when there was nothing to cancel.</summary>
    public Action? Idle { get; set; }

    /// <summary>Runs something that the first press cancels.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> action)
    {
        using var source = new CancellationTokenSource();
        Set(source);
        try
        {
            return await action(source.Token);
        }
        finally
        {
            Set(null);
        }
    }

    /// <summary>Runs something that the first press cancels.</summary>
    public Task RunAsync(Func<CancellationToken, Task> action) => RunAsync(async token =>
    {
        await action(token);
        return true;
    });

    /// <summary>
    /// Whether the end of an input was none: on Windows a press also ends the reading of a line, without a line, and maybe before
    /// it is heard of here.
    /// </summary>
    public bool EndedReading()
    {
        if (!OperatingSystem.IsWindows() || Console.IsInputRedirected)
        {
            return false;
        }

        Thread.Sleep(Moment);
        lock (_lock)
        {
            return DateTime.UtcNow - _last < 2 * Moment;
        }
    }

    public void Dispose() => Console.CancelKeyPress -= OnPress;

    private void Set(CancellationTokenSource? running)
    {
        lock (_lock)
        {
            _running = running;
        }
    }

    private void OnPress(object? sender, ConsoleCancelEventArgs press)
    {
        lock (_lock)
        {
            var now = DateTime.UtcNow;
            var isSecond = now - _last < Twice;
            _last = now;
            press.Cancel = !isSecond;
            if (isSecond)
            {
                return;
            }

            if (_running is { } running)
            {
                running.Cancel();
            }
            else
            {
                Idle?.Invoke();
            }
        }
    }
}
