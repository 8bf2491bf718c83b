using System.Diagnostics;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Telemetry;

/// <summary>Watches one answer: a span, and what the meter records when it ends.</summary>
internal sealed class AnswerTelemetry : IDisposable
{
    private const string OtherError = "_OTHER"; // what the conventions call an error without a name of its own

    private readonly string _modelId;
    private readonly Activity? _activity;
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan? _firstToken;
    private bool _hasOutcome;

    internal AnswerTelemetry(string modelId, string operation)
    {
        _modelId = modelId;
        _activity = SteeringTelemetry.Activities.StartActivity($"{operation} {modelId}", ActivityKind.Client);
        _activity?.SetTag("gen_ai.operation.name", operation);
        _activity?.SetTag("gen_ai.provider.name", SteeringTelemetry.Provider);
        _activity?.SetTag("gen_ai.request.model", modelId);
    }

    /// <summary>A clock for the eval callback, if anyone listens.</summary>
    internal static CallbackClock? CreateClock() => SteeringTelemetry.CallbackTime.Enabled ? new CallbackClock() : null;

    internal void Begin(SteeringPlan plan)
    {
        SteeringTelemetry.Requests.Add(1, SteeringTelemetry.Model(_modelId), SteeringTelemetry.Policy(plan.Policy));
        _activity?.SetTag("steering.policy", plan.Policy);
        _activity?.SetTag("steering.fingerprint", plan.Fingerprint);
        foreach (var (concept, strength) in plan.Strengths)
        {
            _activity?.SetTag($"steering.concept.{concept}", strength);
        }
    }

    internal void OnToken() => _firstToken ??= Stopwatch.GetElapsedTime(_started);

    internal void End(int inputTokens, int outputTokens, string finishReason, CallbackClock? clock)
    {
        _hasOutcome = true;
        var model = SteeringTelemetry.Model(_modelId);
        var elapsed = Stopwatch.GetElapsedTime(_started);
        SteeringTelemetry.Tokens.Record(inputTokens, model, KeyValuePair.Create<string, object?>("gen_ai.token.type", "input"));
        SteeringTelemetry.Tokens.Record(outputTokens, model, KeyValuePair.Create<string, object?>("gen_ai.token.type", "output"));
        if (_firstToken is { } first)
        {
            SteeringTelemetry.TimeToFirstToken.Record(first.TotalSeconds, model);
            if (outputTokens > 1)
            {
                SteeringTelemetry.TimePerToken.Record((elapsed - first).TotalSeconds / (outputTokens - 1), model);
            }
        }

        if (clock is not null)
        {
            SteeringTelemetry.CallbackTime.Record(clock.Elapsed.TotalSeconds, model);
        }

        _activity?.SetTag("gen_ai.usage.input_tokens", inputTokens);
        _activity?.SetTag("gen_ai.usage.output_tokens", outputTokens);
        _activity?.SetTag("gen_ai.response.finish_reasons", new[] { finishReason });
    }

    internal void Fail(Exception error) => Fail(error.GetType().FullName!);

    public void Dispose()
    {
        // Who stops reading has read something: a call without a token and without an outcome was refused.
        if (!_hasOutcome && _firstToken is null)
        {
            Fail(OtherError);
        }

        _activity?.Dispose();
    }

    private void Fail(string errorType)
    {
        _hasOutcome = true;
        _activity?.SetTag("error.type", errorType);
        _activity?.SetStatus(ActivityStatusCode.Error);
    }
}
