using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.Tests.DependencyInjection;

/// <summary>Keeps what engines log, for tests that count how many were opened.</summary>
internal sealed class CountingLoggerProvider : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _messages = [];

    internal int OpenedEngines => _messages.Count(message => message.StartsWith("Opened ", StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _messages.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}
