using Microsoft.Extensions.Logging;

namespace SteeredChat;

/// <summary>Makes notices of what the engine logs about changes of its configuration.</summary>
internal sealed class NoticeLogger(Notices notices) : ILogger, ILoggerProvider
{
    // Refused requests are logged as well, but those who ask hear of them anyway.
    private static readonly string[] Events = ["Reloaded", "ReloadRefused", "NeedsRestart"];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Events.Contains(eventId.Name))
        {
            notices.Add($"{formatter(state, exception).ReplaceLineEndings(" ")}.");
        }
    }

    public void Dispose()
    {
    }
}
