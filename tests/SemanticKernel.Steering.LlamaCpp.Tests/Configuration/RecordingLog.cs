using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Keeps everything that is logged, down to traces; llama.cpp's lines among it are those of all tests that run.</summary>
internal sealed class RecordingLog : ILoggerFactory, ILogger
{
    /// <summary>The event of a line of llama.cpp.</summary>
    internal const int NativeLine = 1;

    private readonly ConcurrentQueue<LogEntry> _entries = [];

    internal IReadOnlyList<LogEntry> Entries => [.. _entries];

    /// <summary>What this library logs at a level, without llama.cpp's lines.</summary>
    internal IReadOnlyList<LogEntry> At(LogLevel level) => [.. _entries.Where(entry => entry.Level == level && entry.EventId != NativeLine)];

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
