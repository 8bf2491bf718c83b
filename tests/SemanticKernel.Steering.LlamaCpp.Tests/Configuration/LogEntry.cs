using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>One log message.</summary>
internal sealed record LogEntry(LogLevel Level, int EventId, string Text);
