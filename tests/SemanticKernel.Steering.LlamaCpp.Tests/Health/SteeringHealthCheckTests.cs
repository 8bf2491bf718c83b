using SemanticKernel.Steering.LlamaCpp.Tests.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Health;

public sealed class SteeringHealthCheckTests
{
    [Fact]
    public async Task Check_EngineWithoutConcepts_IsHealthy()
    {
        using var engine = TestEngine.OpenTinyChat();

        Assert.Equal(HealthStatus.Healthy, (await Check(engine)).Status);
    }

    [Fact]
    public async Task Check_ConceptsThatAct_IsHealthyAndNamesThem()
    {
        using var engine = TestEngine.OpenTinyChat(
            TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f), TestMaps.Shift(TinyChat.ModelPath, "truth", 0.1f, SteeringScope.Generated));

        var result = await Check(engine);

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Contains("tone, truth", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ConceptWithoutEffect_IsNamed()
    {
        // The map is no identity, and yet no hidden state is small enough to feel it.
        using var engine = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f), TestMaps.Affine(TinyChat.ModelPath, "idle", 1, 1e-30f));

        var result = await Check(engine);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("'idle'", result.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("tone", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_TooManyRequestsWait_IsDegraded()
    {
        using var engine = ServingEngine.Open(options => (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (1, 0));
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(TestContext.Current.CancellationToken));
        engine.Loop.Submit(blocker);

        var result = await Check(engine);
        gate.Set();
        await Schedule.EndAsync(blocker);

        Assert.Equal(HealthStatus.Degraded, result.Status);
    }

    [Fact]
    public async Task Check_ContextTooSmallForIt_IsUnhealthyAndHangsNothing()
    {
        using var engine = ServingEngine.Open(options => (options.MaxConcurrentRequests, options.ContextSize, options.CacheSize, options.BatchSize) = (1, 8, 8, 8));

        var result = await Check(engine);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("ContextSize", result.Description, StringComparison.Ordinal);
        Assert.Equal(2, (await Schedule.RunAsync(engine, new Script { Prompt = [5, 6], MaxTokens = 2 }))[0].Tokens.Length);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(-1.0)]
    public async Task Check_RecommendedStrength_IsTriedOutEvenIfZero(double recommended)
    {
        var maps = TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f);
        using var engine = TestEngine.OpenTinyChat(new MapSet(maps.Metadata with { RecommendedStrength = recommended }, maps.Maps));

        Assert.Equal(HealthStatus.Healthy, (await Check(engine)).Status);
    }

    [Fact]
    public async Task Check_PolicyWithoutEffect_IsNamed()
    {
        var options = TestEngine.Options(TinyChat.ModelPath, TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f))
            .AddPolicy(new SteeringPolicy("timid", [new ConceptPolicy("tone", 1e-30)]));
        options.DefaultPolicy = "timid";
        using var engine = TestEngine.Open(options);

        var result = await Check(engine);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("the policy 'timid'", result.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("concept", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ConceptThatOverflows_IsUnhealthy()
    {
        using var engine = TestEngine.OpenTinyChat(TestMaps.Affine(TinyChat.ModelPath, "loud", float.MaxValue, float.MaxValue));

        var result = await Check(engine);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("blk.0.block_output", result.Description, StringComparison.Ordinal);
        Assert.NotEmpty((await engine.AskAsync("Hello.")).Text);
    }

    [Fact]
    public async Task Check_ClosedEngine_IsUnhealthy()
    {
        var engine = TestEngine.OpenTinyChat();
        engine.Dispose();

        Assert.Equal(HealthStatus.Unhealthy, (await Check(engine)).Status);
    }

    [Fact]
    public async Task Check_Cancelled_Throws()
    {
        using var engine = TestEngine.OpenTinyChat();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SteeringHealthCheck(() => engine).CheckHealthAsync(new HealthCheckContext(), cancel.Token));
    }

    [Fact]
    public async Task Check_WhileAnswersRun_LeavesThemAlone()
    {
        using var engine = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "tone", 0.1f));
        var expected = (await engine.AskAsync("Tell me a story.", TestEngine.Greedy(maxTokens: 20))).Text;

        var answer = engine.AskAsync("Tell me a story.", TestEngine.Greedy(maxTokens: 20));
        var health = Check(engine);

        Assert.Equal(expected, (await answer).Text);
        Assert.Equal(HealthStatus.Healthy, (await health).Status);
    }

    [Fact]
    public async Task AddSteeredLlama_ModelFileMissing_ReportsTheRegistrationsStatusWithTheMessage()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSteeredLlamaChatClient("a", "there-is-no-such.gguf", serviceId: "broken").AddSteeredLlamaChatClient("b", TinyChat.ModelPath, options => options.Threads = 1);
        services.AddHealthChecks().AddSteeredLlama("broken", "broken", HealthStatus.Degraded, ["model"]).AddSteeredLlama();
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, report.Entries["broken"].Status);
        Assert.Contains("there-is-no-such.gguf", report.Entries["broken"].Description, StringComparison.Ordinal);
        Assert.IsType<FileNotFoundException>(report.Entries["broken"].Exception);
        Assert.Equal(["model"], report.Entries["broken"].Tags);
        Assert.Equal(HealthStatus.Healthy, report.Entries["steered-llama"].Status);
    }

    private static Task<HealthCheckResult> Check(SteeredLlamaEngine engine) =>
        new SteeringHealthCheck(() => engine).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
