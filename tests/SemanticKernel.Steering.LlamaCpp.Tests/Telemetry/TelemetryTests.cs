using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

public sealed class TelemetryTests : IDisposable
{
    private const string Question = "Tell me a story about a cow.";

    private readonly string _modelId = Guid.NewGuid().ToString("N");
    private readonly Listeners _heard;
    private readonly RecordingLog _log = new();

    public TelemetryTests() => _heard = new Listeners(_modelId);

    public void Dispose()
    {
        _heard.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Ask_Answer_HasASpanWithTheDocumentedTags()
    {
        using var engine = Open(PolicyViolation.Throw);

        var answer = await engine.AskAsync(Question, TestEngine.Greedy("tone", 0.9, maxTokens: 7));

        var report = (SteeringReport)answer.AdditionalProperties![SteeringKeys.Report]!;
        var span = Assert.Single(_heard.Activities);
        Assert.Equal($"chat {_modelId}", span.DisplayName);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal("chat", span.GetTagItem("gen_ai.operation.name"));
        Assert.Equal("llama.cpp", span.GetTagItem("gen_ai.provider.name"));
        Assert.Equal("family", span.GetTagItem("steering.policy"));
        Assert.Equal(report.Fingerprint, span.GetTagItem("steering.fingerprint"));
        Assert.Equal(0.9, span.GetTagItem("steering.concept.tone"));
        Assert.Equal((int)answer.Usage!.InputTokenCount!, span.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal(7, span.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(["length"], Assert.IsType<string[]>(span.GetTagItem("gen_ai.response.finish_reasons")));
        Assert.Equal(9, span.TagObjects.Count()); // and the model, by which the span was found
    }

    [Fact]
    public async Task Ask_Answer_IsMeasured()
    {
        using var engine = Open(PolicyViolation.Throw);

        var answer = await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 7));

        var request = Assert.Single(_heard.Of("steering.requests"));
        Assert.Equal(1, request.Value);
        Assert.Equal("family", request.Tags["steering.policy"]);
        var tokens = _heard.Of("gen_ai.client.token.usage").ToDictionary(measurement => (string)measurement.Tags["gen_ai.token.type"]!, measurement => measurement.Value);
        Assert.Equal((double)answer.Usage!.InputTokenCount!, tokens["input"]);
        Assert.Equal(7, tokens["output"]);
        foreach (var instrument in new[] { "gen_ai.server.time_to_first_token", "gen_ai.server.time_per_output_token", "steering.callback.duration" })
        {
            var time = Assert.Single(_heard.Of(instrument));
            Assert.Equal("s", time.Unit);
            Assert.True(time.Value > 0, instrument);
        }

        Assert.Empty(_heard.Of("steering.refusals"));
        Assert.Empty(_heard.Of("steering.violations"));
    }

    [Fact]
    public async Task Ask_OneToken_HasNoTimePerFurtherToken()
    {
        using var engine = Open(PolicyViolation.Throw);

        await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 1));

        Assert.Single(_heard.Of("gen_ai.server.time_to_first_token"));
        Assert.Empty(_heard.Of("gen_ai.server.time_per_output_token"));
    }

    [Fact]
    public async Task Ask_NoPolicies_CountsUnderNone()
    {
        var options = TestEngine.Options(TinyChat.ModelPath);
        options.ModelId = _modelId;
        using var engine = TestEngine.Open(options);

        await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 1));

        Assert.Equal("none", Assert.Single(_heard.Of("steering.requests")).Tags["steering.policy"]);
        Assert.Null(Assert.Single(_heard.Activities).GetTagItem("steering.policy"));
    }

    [Fact]
    public async Task Ask_StrengthNotAllowed_CountsARefusalAndAViolationAndFailsTheSpan()
    {
        using var engine = Open(PolicyViolation.Throw);

        await Assert.ThrowsAsync<SteeringPolicyException>(() => engine.AskAsync(Question, TestEngine.Greedy("tone", 5)));

        var violation = Assert.Single(_heard.Of("steering.violations"));
        Assert.Equal(("family", "tone", "refused"), (violation.Tags["steering.policy"], violation.Tags["steering.concept"], violation.Tags["steering.outcome"]));
        Assert.Single(_heard.Of("steering.refusals"));
        Assert.Empty(_heard.Of("steering.requests"));
        Assert.Empty(_heard.Of("gen_ai.client.token.usage"));
        Assert.Single(_log.Of(25));
        var span = Assert.Single(_heard.Activities);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(typeof(SteeringPolicyException).FullName, span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Ask_UnknownConcept_CountsARefusalOnly()
    {
        using var engine = Open(PolicyViolation.Clamp);

        await Assert.ThrowsAsync<SteeringPolicyException>(() => engine.AskAsync(Question, TestEngine.Greedy("other", 1)));

        Assert.Single(_heard.Of("steering.refusals"));
        Assert.Empty(_heard.Of("steering.violations"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_StrengthClamped_CountsOneViolation(bool useSteering)
    {
        using var engine = Open(PolicyViolation.Clamp);
        IChatClient client = engine.Client();
        client = useSteering ? new ChatClientBuilder(client).UseSteering().Build() : client;

        await client.GetResponseAsync(TestEngine.User(Question), TestEngine.Greedy("tone", 5, maxTokens: 2), TestContext.Current.CancellationToken);

        var violation = Assert.Single(_heard.Of("steering.violations"));
        Assert.Equal(("family", "tone", "clamped"), (violation.Tags["steering.policy"], violation.Tags["steering.concept"], violation.Tags["steering.outcome"]));
        Assert.Empty(_heard.Of("steering.refusals"));
        Assert.Single(_heard.Of("steering.requests"));
        Assert.Single(_log.Of(24));
    }

    [Fact]
    public async Task Ask_EngineIsBusy_FailsTheSpan()
    {
        var options = TestEngine.Options(TinyChat.ModelPath);
        (options.ModelId, options.MaxConcurrentRequests, options.MaxQueuedRequests) = (_modelId, 1, 0);
        using var engine = TestEngine.Open(options);

        // Quicker than the engine answers one of them.
        var calls = Enumerable.Range(0, 20).Select(_ => engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 20))).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        var refused = calls.Where(call => call.IsFaulted).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, call => Assert.IsType<EngineBusyException>(call.Exception!.InnerException));
        Assert.Equal(refused.Count, _heard.Activities.Count(span => span.Status == ActivityStatusCode.Error && typeof(EngineBusyException).FullName!.Equals(span.GetTagItem("error.type"))));
        Assert.Equal(calls.Count, _heard.Activities.Count);
    }

    [Fact]
    public async Task Ask_AnswerThatIsNotReadToItsEnd_LeavesTheSpanWithoutError()
    {
        using var engine = Open(PolicyViolation.Throw);

        await foreach (var _ in engine.StreamAsync(Question, TestEngine.Greedy(maxTokens: 400)))
        {
            break;
        }

        Assert.Equal(ActivityStatusCode.Unset, Assert.Single(_heard.Activities).Status);
    }

    [Fact]
    public async Task Ask_SteeringFault_FailsTheSpan()
    {
        var options = TestEngine.Options(TinyChat.ModelPath, TestMaps.Affine(TinyChat.ModelPath, "tone", float.MaxValue, float.MaxValue));
        options.ModelId = _modelId;
        using var engine = TestEngine.Open(options);

        await Assert.ThrowsAsync<SteeringException>(() => engine.AskAsync(Question, TestEngine.Greedy("tone", 1)));

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_heard.Activities).Status);
        Assert.Empty(_heard.Of("gen_ai.client.token.usage"));
    }

    [Fact]
    public async Task Ask_SecretWord_IsInNoLogSpanOrMetric()
    {
        const string Secret = "xylophone";
        using var engine = Open(PolicyViolation.Throw);
        var options = TestEngine.Greedy(maxTokens: 20);
        options.Instructions = $"You like the {Secret}.";

        var answer = await engine.AskAsync($"Say {Secret}. What color is a plum?", options);
        await Assert.ThrowsAsync<SteeringPolicyException>(() => engine.AskAsync(Secret, TestEngine.Greedy("tone", 5)));
        await Assert.ThrowsAnyAsync<Exception>(() => engine.AskAsync(string.Concat(Enumerable.Repeat(Secret, 2000))));

        var words = answer.Text.Split([' ', '.', ',', '!', '?', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 6).Append(Secret);
        var spans = _heard.Activities.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription)
            .Concat(span.Events.Select(entry => entry.Name + string.Concat(entry.Tags))));
        var metrics = _heard.Measurements.SelectMany(measurement => measurement.Tags.Select(tag => $"{tag.Key}={tag.Value}"));
        var logs = _log.Entries.Where(entry => entry.Level > LogLevel.Trace).Select(entry => entry.Text);
        foreach (var text in spans.Concat(metrics).Concat(logs))
        {
            Assert.DoesNotContain(words, word => text?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false);
        }

        Assert.True(_heard.Activities.Count >= 2);
        Assert.NotEmpty(_log.Entries);
    }

    private SteeredLlamaEngine Open(PolicyViolation onViolation)
    {
        var options = TestEngine.Options(TinyChat.ModelPath, TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f))
            .AddPolicy(new SteeringPolicy("family", [new ConceptPolicy("tone", 1, 0.8, 1.2, StrengthOverride.Within)]));
        (options.ModelId, options.DefaultPolicy, options.PolicyViolation) = (_modelId, "family", onViolation);
        return SteeredLlamaEngine.Load(options, _log, cancellationToken: TestContext.Current.CancellationToken);
    }
}
