using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Telemetry;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Generates the answer to a prompt: the one way from clients to the engine, so that policy and checks hold for all of them.</summary>
internal static class Answer
{
    internal static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        SteeredLlamaEngine engine, string operation, EncodedPrompt prompt, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(engine, cancellationToken);
        using var telemetry = new AnswerTelemetry(engine.ModelId, operation);

        // Tokens become text after the engine has made them, and a slow reader may be at it when the engine is closed.
        using var weights = new HandleHold(engine.Model.Handle);
        var stops = ChatOptionsReader.ReadStops(options);
        var maxTokens = ChatOptionsReader.ReadMaxTokens(options, prompt.Tokens.Length, engine.ContextSize);
        var wish = ChatOptionsReader.ReadRequest(options);
        var expected = ChatOptionsReader.ReadFingerprint(options);
        var meter = ChatOptionsReader.ReadMeasure(options) ? new ShiftMeter() : null;
        var request = new GenerationRequest
        {
            Prompt = prompt.Tokens,
            PromptKinds = Classify(prompt),
            Plan = Compile(engine, wish, isRecorded: expected is not null, isMeasured: meter is not null, telemetry),
            Sampling = ChatOptionsReader.ReadSampling(options, engine.Seed),
            MaxTokens = maxTokens,
            Stops = new StopMatcher(stops),
            Output = new TokenStream(maxTokens),
            CancellationToken = deadline.Token,
            CacheScope = ChatOptionsReader.ReadCacheScope(options),
            Clock = AnswerTelemetry.CreateClock(),
            Meter = meter,
        };

        if (expected is not null && expected != FingerprintOf(request.Plan.Plan))
        {
            throw new SteeringPolicyException("The policy has changed while the call was on its way. Call again.");
        }

        deadline.ThrowIfOver();
        var responseId = Guid.NewGuid().ToString("N");
        var text = new AnswerText(engine.Model.Vocabulary, new StopMatcher(stops));
        using var handle = ChatOptionsReader.ReadHandle(options)?.Begin(wish, () => request.Output.IsComplete, change => Change(engine, request, change));
        telemetry.Begin(request.Plan.Plan);
        Submit(engine, request, handle, telemetry);
        using var registration = EngineCall.StopWith(deadline, engine, request);
        var isFinished = false;
        try
        {
            while (await request.Output.WaitAsync().ConfigureAwait(false))
            {
                while (request.Output.TryRead(out var token))
                {
                    // The engine may be far ahead, or done: it has nothing to end then.
                    if (cancellationToken.IsCancellationRequested)
                    {
                        var over = new OperationCanceledException(cancellationToken);
                        telemetry.Fail(over);
                        throw over;
                    }

                    telemetry.OnToken();
                    deadline.OnToken();
                    if (text.Take(token) is { Length: > 0 } part)
                    {
                        yield return Update(engine, responseId, new TextContent(part));
                    }
                }
            }

            isFinished = true;
        }
        finally
        {
            if (!isFinished)
            {
                request.Abandon();
                engine.Loop.Stop(request);
                await EngineCall.DrainAsync(request).ConfigureAwait(false);
            }
        }

        if (request.Output.Error is { } error)
        {
            telemetry.Fail(error);
        }

        EngineCall.ThrowIfFailed(request, deadline);
        telemetry.End(prompt.Tokens.Length, request.Output.Written, FinishReason(request).Value, request.Clock);
        if (text.Finish() is { Length: > 0 } rest)
        {
            yield return Update(engine, responseId, new TextContent(rest));
        }

        yield return Last(engine, responseId, prompt, request);
    }

    /// <summary>What tells plans apart for a cache: the policy by name, and everything that decides the effect.</summary>
    internal static string FingerprintOf(SteeringPlan plan) => $"{plan.Policy}/{plan.Fingerprint}";

    /// <param name="engine">The engine.</param>
    /// <param name="wish">What the call asks for.</param>
    /// <param name="isRecorded">Whether <c>UseSteering</c> has resolved the same wish before, and recorded what was clamped.</param>
    /// <param name="isMeasured">Whether what concepts do is measured.</param>
    /// <param name="telemetry">The answer's span.</param>
    private static CompiledPlan Compile(SteeredLlamaEngine engine, SteeringRequest wish, bool isRecorded, bool isMeasured, AnswerTelemetry telemetry)
    {
        try
        {
            return engine.Compile(wish, isRecorded, isMeasured);
        }
        catch (SteeringException error)
        {
            telemetry.Fail(error);
            throw;
        }
    }

    private static void Submit(SteeredLlamaEngine engine, GenerationRequest request, SteeringHandle.Use? handle, AnswerTelemetry telemetry)
    {
        try
        {
            engine.Loop.Submit(request);
        }
        catch (Exception error)
        {
            handle?.GiveBack();
            telemetry.Fail(error);
            throw;
        }
    }

    private static SteeringReport Change(SteeredLlamaEngine engine, GenerationRequest request, SteeringRequest change)
    {
        request.Plan = engine.Compile(change, isMeasured: request.Meter is not null);
        return Report(request);
    }

    private static SteeringReport Report(GenerationRequest request)
    {
        var plan = request.Plan.Plan;
        return new SteeringReport(plan.Policy, plan.Fingerprint, plan.Strengths);
    }

    private static ChatFinishReason FinishReason(GenerationRequest request) =>
        request.Output.EndReason == EndReason.Stop ? ChatFinishReason.Stop : ChatFinishReason.Length;

    /// <summary>What each token of a prompt is to steering scopes.</summary>
    internal static RowKind[] Classify(EncodedPrompt prompt)
    {
        var kinds = new RowKind[prompt.Tokens.Length];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = prompt.Origins[i].Kind == TokenOriginKind.Bos ? RowKind.Bos
                : i >= prompt.LastUserTurnStart ? RowKind.LastUserTurn
                : RowKind.EarlierPrompt;
        }

        return kinds;
    }

    private static ChatResponseUpdate Update(SteeredLlamaEngine engine, string responseId, params IList<AIContent> contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = responseId,
        MessageId = responseId,
        ModelId = engine.ModelId,
        CreatedAt = DateTimeOffset.UtcNow,
    };

    private static ChatResponseUpdate Last(SteeredLlamaEngine engine, string responseId, EncodedPrompt prompt, GenerationRequest request)
    {
        var update = Update(engine, responseId, new UsageContent(new UsageDetails
        {
            InputTokenCount = prompt.Tokens.Length,
            OutputTokenCount = request.Output.Written,
            TotalTokenCount = prompt.Tokens.Length + request.Output.Written,
        }));
        update.FinishReason = FinishReason(request);
        update.AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [SteeringKeys.Report] = request.Meter is { } meter ? Report(request) with { Shifts = meter.Read() } : Report(request),
        };
        return update;
    }
}
