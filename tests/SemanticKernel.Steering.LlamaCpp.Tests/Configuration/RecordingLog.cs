using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Keeps everything that is logged, down to traces.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<LogEntry> _entries = [];

    internal IReadOnlyList<LogEntry> Entries => [.. _entries];

    internal IReadOnlyList<LogEntry> At(LogLevel level) => [.. _entries.Where(entry => entry.Level == level)];

    internal IReadOnlyList<LogEntry> Of(int eventId) => [.. _entries.Where(entry => entry.EventId == eventId)];

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue(new LogEntry(logLevel, eventId.Id, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
