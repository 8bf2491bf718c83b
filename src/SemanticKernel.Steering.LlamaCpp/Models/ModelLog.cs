using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>Log messages about how a model is used.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "ContextSize is {ContextSize}, but {ModelId} was trained for {TrainedContextSize} tokens: answers may get worse beyond those")]
    internal static partial void ContextBeyondTraining(ILogger logger, string modelId, int contextSize, int trainedContextSize);
}
