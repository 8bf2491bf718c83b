using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class PlanChangeTests
{
    private const int Tokens = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Replan_AtEveryToken_BuildsNoGraphAnew(int requests)
    {
        var undisturbed = await CountReusedAsync(requests, changes: false);

        var changed = await CountReusedAsync(requests, changes: true);

        Assert.Equal(undisturbed, changed);
        Assert.True(undisturbed >= Tokens / 2, $"Only {undisturbed} of {Tokens} decodes computed the graph of the one before.");
    }

    private static async Task<int> CountReusedAsync(int requests, bool changes)
    {
        using var engine = ServingEngine.Open();

        // Some edit all tokens, some none; with none the callback stops nowhere.
        CompiledPlan[] plans = [.. new[] { 0, 0.5, 1, 0, -1 }.Select(strength => Schedule.Compile(engine, ServingEngine.Strength(ServingEngine.All, strength)))];
        var random = new Random(61);
        var running = new GenerationRequest[requests];
        for (var i = 0; i < requests; i++)
        {
            var index = i;
            running[i] = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(random, 10), MaxTokens = Tokens }, (_, token) =>
                running[index].Plan = changes ? plans[(token + index) % plans.Length] : running[index].Plan);
        }

        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(TestContext.Current.CancellationToken));
        engine.Loop.Submit(blocker);
        Array.ForEach(running, engine.Loop.Submit);
        gate.Set();
        await Task.WhenAll(running.Append(blocker).Select(Schedule.EndAsync));
        Assert.All(running, request => Assert.Equal(Tokens, request.Output.Written));
        return ReusedGraphs.CountOf(engine);
    }
}
