using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Log messages about concepts and policies. None of them holds a word of a prompt or an answer.</summary>
internal static partial class SteeringLog
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "No policies are configured: every request may set the concepts {Concepts} freely")]
    internal static partial void NoPolicies(ILogger logger, IEnumerable<string> concepts);

    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "Concepts and policies were reloaded; concepts: {Concepts}; policies: {Policies}")]
    internal static partial void Reloaded(ILogger logger, IEnumerable<string> concepts, IEnumerable<string> policies);

    [LoggerMessage(EventId = 22, Level = LogLevel.Error, Message = "A change of the steering configuration was refused and the old one stays in force: {Mistakes}")]
    internal static partial void ReloadRefused(ILogger logger, IEnumerable<string> mistakes);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "The option {Key} has changed; it needs a restart to take effect")]
    internal static partial void NeedsRestart(ILogger logger, string key);

    [LoggerMessage(EventId = 24, Level = LogLevel.Warning, Message = "Policy {Policy} clamped the strength of {Concept} from {Asked} to {Used}")]
    internal static partial void Clamped(ILogger logger, string? policy, string concept, double asked, double used);

    [LoggerMessage(EventId = 25, Level = LogLevel.Warning, Message = "A steering request was refused: {Reason}")]
    internal static partial void Refused(ILogger logger, string reason);
}
