using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

/// <summary>Models whose past is a state instead of a list of tokens.</summary>
public class RecurrentStateTests
{
    private const float Tolerance = 1e-3f;

    [Fact]
    public void Load_SeveralRequestsAtOnce_IsRefused()
    {
        var error = Assert.Throws<LlamaModelException>(() => Open(options => options.MaxConcurrentRequests = 2));

        Assert.Contains("MaxConcurrentRequests is 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("recurrent state", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set it to 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public async Task Run_SeveralRequests_AnswersOneAfterTheOther(string access)
    {
        var random = new Random(2);
        using var engine = Open(options => options.StateAccess = Enum.Parse<StateAccess>(access));
        var order = new List<int>();
        var scripts = Enumerable.Range(0, 5)
            .Select(i => new Script { Prompt = ServingEngine.Prompt(random, 20 + (25 * i)), Strengths = ServingEngine.RandomStrengths(random), OnToken = _ => order.Add(i) }).ToArray();

        var together = await Schedule.RunAsync(engine, scripts);

        Assert.Equal(order.Order(), order);
        for (var i = 0; i < scripts.Length; i++)
        {
            using var fresh = Open();
            Assert.True(together[i].AssertClose((await Schedule.RunAsync(fresh, scripts[i] with { OnToken = null }))[0], Tolerance) > 0);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public async Task SecondTurn_SharesTheWholeStateOrNothingOfIt(int takenBack)
    {
        var random = new Random(3);
        using var engine = Open();
        using var fresh = Open();
        var first = new Script { Prompt = ServingEngine.Prompt(random, 100), MaxTokens = 10, CacheScope = "tenant", Strengths = ServingEngine.Strength(ServingEngine.All, 0.5) };
        var answer = (await AloneAsync(engine, first)).Tokens;
        int[] kept = [.. first.Prompt, .. answer];
        var second = first with { Prompt = [.. kept[..^(1 + takenBack)], 9, .. ServingEngine.Prompt(random, 20)] };

        var outcome = await AloneAsync(engine, second);

        Assert.Equal(takenBack == 0 ? kept.Length - 1 : 0, engine.Loop.LastSharedTokens);
        outcome.AssertClose(await AloneAsync(fresh, second), Tolerance);
    }

    [Fact]
    public async Task Run_AfterAFault_IsAsUndisturbed()
    {
        var path = ServingEngine.Model(ModelArchitecture.Mamba);
        using var engine = Open(options => options.AddConcept(TestMaps.Affine(path, "burst", float.MaxValue, float.MaxValue, SteeringScope.Generated)));
        var innocent = new Script { Prompt = ServingEngine.Prompt(new Random(4), 100) };
        var before = (await Schedule.RunAsync(engine, innocent))[0];

        var outcomes = await Schedule.RunAsync(engine, innocent with { Strengths = ServingEngine.Strength("burst", 1) }, innocent);

        Assert.IsType<SteeringException>(outcomes[0].Error);
        Assert.Null(outcomes[1].Error);
        outcomes[1].AssertClose(before, Tolerance);
    }

    [Fact]
    public async Task Cancel_InThePrompt_LeavesNothingBehind()
    {
        using var engine = Open();
        var wanted = new Script { Prompt = ServingEngine.Prompt(new Random(5), 100) };
        var before = (await Schedule.RunAsync(engine, wanted))[0];
        for (var round = 0; round < 8; round++)
        {
            var unwanted = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(new Random(round), 500), CacheScope = wanted.CacheScope });
            engine.Loop.Submit(unwanted);
            await Task.Delay(round, TestContext.Current.CancellationToken);
            unwanted.Abandon();
            engine.Loop.Stop(unwanted);
            await Schedule.EndAsync(unwanted);

            (await Schedule.RunAsync(engine, wanted))[0].AssertClose(before, Tolerance);
        }
    }

    /// <summary>Runs without the request that other schedules begin with: it would take the only state.</summary>
    private static async Task<Outcome> AloneAsync(SteeredLlamaEngine engine, Script script)
    {
        var logits = new List<float[]>();
        var request = Schedule.Request(engine, script, (values, _) => logits.Add(values.ToArray()));
        engine.Loop.Submit(request);
        return new Outcome(await Schedule.EndAsync(request), logits, request.Output.EndReason, request.Output.Error);
    }

    private static SteeredLlamaEngine Open(Action<SteeredLlamaOptions>? configure = null) => ServingEngine.Open(
        options =>
        {
            options.MaxConcurrentRequests = null;
            configure?.Invoke(options);
        },
        ModelArchitecture.Mamba);
}
