using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>The engine's log messages.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(EventId = 10, Level = LogLevel.Information,
        Message = "Opened {ModelId} ({Architecture}, {Parameters} parameters) with a context of {ContextSize} tokens and {Concepts} concepts")]
    internal static partial void Opened(ILogger logger, string modelId, string architecture, long parameters, int contextSize, int concepts);
}
