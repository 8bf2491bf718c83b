using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class AdmissionTests
{
    private static readonly Random Numbers = new(31);

    [Fact]
    public void Load_CacheSmallerThanOneRequest_IsRefused()
    {
        var error = Assert.Throws<LlamaModelException>(() => ServingEngine.Open(options => (options.ContextSize, options.CacheSize) = (256, 255)));

        Assert.Contains("CacheSize is 255", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_GraphWithoutPositions_ServesOneRequestAtATime()
    {
        var error = Assert.Throws<LlamaModelException>(() => ServingEngine.Open(options => options.MaxConcurrentRequests = 2, ModelArchitecture.Mpt));
        Assert.Contains("MaxConcurrentRequests is 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be checked", error.Message, StringComparison.Ordinal);

        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = null, ModelArchitecture.Mpt);
        var order = new List<int>();
        await Schedule.RunAsync(engine, [.. Enumerable.Range(0, 3).Select(i => new Script { Prompt = ServingEngine.Prompt(Numbers, 10), OnToken = _ => order.Add(i) })]);

        Assert.Equal(order.Order(), order);
    }

    [Fact]
    public async Task Run_CacheForTwoOfFiveRequests_AnswersAllAndNeverMoreThanTwoAtOnce()
    {
        using var engine = ServingEngine.Open(options => (options.ContextSize, options.CacheSize) = (256, 512));
        var running = new HashSet<int>();
        var most = 0;
        var scripts = Enumerable.Range(0, 5).Select(i => new Script
        {
            Prompt = ServingEngine.Prompt(Numbers, 56), MaxTokens = 200,
            OnToken = token =>
            {
                _ = token < 199 ? running.Add(i) : running.Remove(i);
                most = Math.Max(most, running.Count);
            },
        }).ToArray();

        var outcomes = await Schedule.RunAsync(engine, scripts);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.All(outcomes, outcome => Assert.Equal(200, outcome.Tokens.Length));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Run_RoomNeeded_EvictsTheLeastRecentlyUsedPrefix()
    {
        using var engine = ServingEngine.Open(options => (options.ContextSize, options.CacheSize, options.MaxConcurrentRequests) = (256, 400, 32));
        var prompts = Enumerable.Range(0, 3).Select(_ => ServingEngine.Prompt(Numbers, 100)).ToArray();
        foreach (var prompt in prompts)
        {
            await Schedule.RunAsync(engine, new Script { Prompt = prompt, MaxTokens = 1, CacheScope = "tenant" });
        }

        // 300 tokens are kept; 180 more fit only without the first of them.
        await Schedule.RunAsync(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 100), MaxTokens = 80, CacheScope = "other" });

        Assert.Equal(99, await SharedAsync(engine, prompts[2]));
        Assert.Equal(99, await SharedAsync(engine, prompts[1]));
        Assert.Equal(0, await SharedAsync(engine, prompts[0]));
    }

    [Fact]
    public async Task Run_RequestThatHasToWaitAnyway_EvictsNothingYet()
    {
        using var engine = ServingEngine.Open(options => (options.ContextSize, options.CacheSize, options.MaxConcurrentRequests) = (256, 400, 32));
        var kept = ServingEngine.Prompt(Numbers, 100);
        await Schedule.RunAsync(engine, new Script { Prompt = kept, MaxTokens = 1, CacheScope = "tenant" });
        var waiting = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 56), MaxTokens = 200 });

        await Schedule.RunAsync(engine, new Script
        {
            Prompt = ServingEngine.Prompt(Numbers, 50), MaxTokens = 150,
            OnToken = token => Act(token),
        });
        await Schedule.EndAsync(waiting);

        Assert.Equal(99, await SharedAsync(engine, kept));

        void Act(int token)
        {
            if (token == 5)
            {
                engine.Loop.Submit(waiting);
            }
            else if (token == 10)
            {
                waiting.Abandon();
                engine.Loop.Stop(waiting);
            }
        }
    }

    [Fact]
    public async Task Run_OneAtATime_AnswersInTheOrderOfArrival()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 1);
        var order = new List<int>();
        var scripts = Enumerable.Range(0, 8).Select(i => new Script { Prompt = ServingEngine.Prompt(Numbers, 5 + i), MaxTokens = 3, OnToken = _ => order.Add(i) }).ToArray();

        await Schedule.RunAsync(engine, scripts);

        Assert.Equal(order.Order(), order);
        Assert.Equal(24, order.Count);
    }

    [Fact]
    public async Task Run_BigRequestAmongSmallOnes_IsNotOvertaken()
    {
        using var engine = ServingEngine.Open(options => (options.ContextSize, options.CacheSize, options.MaxConcurrentRequests) = (256, 300, 8));
        var begun = new List<int>();
        var scripts = Enumerable.Range(0, 12).Select(i => new Script
        {
            Prompt = ServingEngine.Prompt(Numbers, i == 4 ? 200 : 20), MaxTokens = i == 4 ? 56 : 30, OnToken = token => begun.AddRange(token == 0 ? [i] : []),
        }).ToArray();

        // The fifth needs nearly the whole cache. Small ones that came later would fit beside those before it, and have to wait.
        var outcomes = await Schedule.RunAsync(engine, scripts);

        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal(4, begun.IndexOf(4));
    }

    [Fact]
    public async Task Cancel_BigRequestThatWaits_LetsThoseBehindItIn()
    {
        using var engine = ServingEngine.Open(options => (options.ContextSize, options.CacheSize, options.MaxConcurrentRequests) = (256, 300, 8));
        var big = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 200), MaxTokens = 50 });
        var small = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 20), MaxTokens = 2 });
        var smallWasAnswered = false;

        await Schedule.RunAsync(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 20), MaxTokens = 60, OnToken = Act });

        Assert.True(smallWasAnswered);
        await Schedule.EndAsync(big);
        Assert.IsType<OperationCanceledException>(big.Output.Error);

        void Act(int token)
        {
            if (token == 3)
            {
                engine.Loop.Submit(big);
                engine.Loop.Submit(small);
            }
            else if (token == 20)
            {
                Assert.Equal(0, small.Output.Written);
                big.Abandon();
                engine.Loop.Stop(big);
            }
            else if (token == 59)
            {
                smallWasAnswered = small.Output.IsComplete;
            }
        }
    }

    [Fact]
    public async Task Submit_MoreThanRunAndWait_IsRefusedAndLaterOnesAreTakenAgain()
    {
        using var engine = ServingEngine.Open(options => (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (2, 3));
        using var gate = new ManualResetEventSlim();
        var requests = Enumerable.Range(0, 5)
            .Select(i => Schedule.Request(engine, new Script { Prompt = [5, 6], MaxTokens = 2 }, (_, _) => gate.Wait(TestContext.Current.CancellationToken))).ToArray();
        foreach (var request in requests)
        {
            engine.Loop.Submit(request);
        }

        await Assert.ThrowsAsync<EngineBusyException>(() => engine.AskAsync("Hello"));
        requests[4].Abandon();
        engine.Loop.Stop(requests[4]);
        var late = engine.AskAsync("Hello");
        gate.Set();

        Assert.NotEmpty((await late).Messages);
        await Task.WhenAll(requests.Select(Schedule.EndAsync));
    }

    private static async Task<int> SharedAsync(SteeredLlamaEngine engine, int[] prompt)
    {
        await Schedule.RunAsync(engine, new Script { Prompt = prompt, MaxTokens = 1, CacheScope = "tenant" });
        return engine.Loop.LastSharedTokens;
    }
}
