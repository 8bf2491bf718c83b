using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SemanticKernel.Steering.LlamaCpp.Telemetry;

/// <summary>
/// The activity source and the meter, both named <c>SemanticKernel.Steering</c>. Names follow the GenAI semantic conventions
/// where they have one. Nothing here ever holds a word of a prompt or an answer.
/// </summary>
internal static class SteeringTelemetry
{
    internal const string Name = "SemanticKernel.Steering";
    internal const string Provider = "llama.cpp";
    internal const string NoPolicy = "none";
    internal const string Clamped = "clamped";
    internal const string Refused = "refused";

    internal static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Requests that the policy allowed, by policy; those the engine is too busy for are among them.</summary>
    internal static readonly Counter<long> Requests = Meter.CreateCounter<long>("steering.requests", "{request}", "Requests that their policy allowed.");

    /// <summary>Strengths outside of what a policy allows, by policy, concept and outcome.</summary>
    private static readonly Counter<long> Violations = Meter.CreateCounter<long>("steering.violations", "{violation}", "Strengths outside of what a policy allows.");

    /// <summary>Requests that were refused, for whatever reason.</summary>
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("steering.refusals", "{request}", "Steering requests that were refused.");

    /// <summary>Tokens, by kind.</summary>
    internal static readonly Histogram<long> Tokens = Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens per request.");

    internal static readonly Histogram<double> TimeToFirstToken = Meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time until the first token of an answer.");

    internal static readonly Histogram<double> TimePerToken = Meter.CreateHistogram<double>("gen_ai.server.time_per_output_token", "s", "Time per token after the first.");

    internal static readonly Histogram<double> CallbackTime = Meter.CreateHistogram<double>("steering.callback.duration", "s", "Time per request spent editing hidden states.");

    internal static KeyValuePair<string, object?> Model(string modelId) => KeyValuePair.Create<string, object?>("gen_ai.request.model", modelId);

    internal static KeyValuePair<string, object?> Policy(string? policy) => KeyValuePair.Create<string, object?>("steering.policy", policy ?? NoPolicy);

    internal static void CountViolation(string modelId, string? policy, string concept, string outcome) => Violations.Add(
        1,
        Model(modelId),
        Policy(policy),
        KeyValuePair.Create<string, object?>("steering.concept", concept),
        KeyValuePair.Create<string, object?>("steering.outcome", outcome));

    internal static void CountRefusal(string modelId) => Refusals.Add(1, Model(modelId));
}
