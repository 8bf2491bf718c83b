using Microsoft.Extensions.Diagnostics.HealthChecks;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class PrefixReuseTests
{
    private const string Scope = "tenant";
    private const int FirstTurn = 100;
    private const int Answer = 10;

    // The last token of an answer is never computed.
    private const int Whole = FirstTurn + Answer - 1;

    [Theory]
    [InlineData(ServingEngine.All, Whole)]
    [InlineData(ServingEngine.Generated, FirstTurn)]
    [InlineData(ServingEngine.LastTurn, 80)]
    [InlineData(null, Whole)]
    public async Task SecondTurn_SamePlan_ComputesOnlyWhatIsNewToIt(string? concept, int shared)
    {
        using var engine = ServingEngine.Open();
        using var fresh = ServingEngine.Open();
        var (first, second) = await TurnsAsync(engine, concept, 0.5, concept, 0.5);

        var outcome = (await Schedule.RunAsync(engine, second))[0];

        Assert.Equal(shared, engine.Loop.LastSharedTokens);
        outcome.AssertClose((await Schedule.RunAsync(fresh, second))[0], ServingEngine.Tolerance);
        Assert.Equal(0, fresh.Loop.LastSharedTokens);
        Assert.Equal(FirstTurn, first.Prompt.Length);
    }

    [Theory]
    [InlineData(ServingEngine.All, 0.5, ServingEngine.All, 0.75, 0)]
    [InlineData(ServingEngine.All, 0.5, null, 0, 0)]
    [InlineData(null, 0, ServingEngine.All, 0.5, 0)]
    [InlineData(ServingEngine.LastTurn, 0.5, ServingEngine.LastTurn, 0.75, 80)]
    [InlineData(ServingEngine.LastTurn, 0.5, null, 0, 80)]
    [InlineData(ServingEngine.Generated, 0.5, ServingEngine.Generated, 0.75, FirstTurn)]
    [InlineData(ServingEngine.Generated, 0.5, null, 0, FirstTurn)]
    [InlineData(null, 0, ServingEngine.Generated, 0.5, Whole)]
    public async Task SecondTurn_OtherPlan_SharesOnlyWhatBothPlansComputeAlike(string? concept, double strength, string? nextConcept, double nextStrength, int shared)
    {
        using var engine = ServingEngine.Open();
        using var fresh = ServingEngine.Open();
        var (_, second) = await TurnsAsync(engine, concept, strength, nextConcept, nextStrength);

        var outcome = (await Schedule.RunAsync(engine, second))[0];

        Assert.Equal(shared, engine.Loop.LastSharedTokens);
        outcome.AssertClose((await Schedule.RunAsync(fresh, second))[0], ServingEngine.Tolerance);
    }

    [Theory]
    [InlineData("other")]
    [InlineData(null)]
    public async Task SecondTurn_OtherCacheScope_SharesNothing(string? scope)
    {
        using var engine = ServingEngine.Open();
        var (_, second) = await TurnsAsync(engine, null, 0, null, 0);

        await Schedule.RunAsync(engine, second with { CacheScope = scope });

        Assert.Equal(0, engine.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task SecondTurn_AfterShortPromptsOfOthers_StillFindsItsPrefix()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 32);
        var (first, second) = await TurnsAsync(engine, null, 0, null, 0);
        for (var i = 0; i < 4; i++)
        {
            // They begin alike, as all conversations do, but share too little to be worth it.
            await Schedule.RunAsync(engine, first with { Prompt = [.. first.Prompt[..20], 100 + i, 7] });
            Assert.Equal(0, engine.Loop.LastSharedTokens);
        }

        await Schedule.RunAsync(engine, second);

        Assert.Equal(Whole, engine.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task SecondTurn_AfterAnotherRequestWasStopped_StillFindsItsPrefix()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 32);
        var (_, second) = await TurnsAsync(engine, null, 0, null, 0);
        for (var round = 0; round < 12; round++)
        {
            var stopped = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(new Random(round), 400), MaxTokens = 100, CacheScope = "stopped" });
            engine.Loop.Submit(stopped);
            await Task.Delay(round % 5, TestContext.Current.CancellationToken);
            stopped.Abandon();
            engine.Loop.Stop(stopped);
            await Schedule.EndAsync(stopped);
        }

        await Schedule.RunAsync(engine, second);

        Assert.Equal(Whole, engine.Loop.LastSharedTokens);
    }

    [Fact]
    public async Task Replan_MidAnswer_MarksTokensByThePlanTheyWereComputedUnder()
    {
        using var engine = ServingEngine.Open();
        using var fresh = ServingEngine.Open();
        var strengths = ServingEngine.Strength(ServingEngine.All, 0.5);
        GenerationRequest? request = null;
        request = Schedule.Request(engine, First(strengths), (_, token) =>
        {
            if (token == 3)
            {
                request!.Plan = Schedule.Compile(engine, ServingEngine.Strength(ServingEngine.All, 1));
            }
        });
        engine.Loop.Submit(request);
        var second = Second(First(strengths), await Schedule.EndAsync(request), strengths);

        var outcome = (await Schedule.RunAsync(engine, second))[0];

        // Tokens 0, 1 and 2 of the answer were computed under the plan of the prompt, token 3 and all after it were not.
        Assert.Equal(FirstTurn + 3, engine.Loop.LastSharedTokens);
        outcome.AssertClose((await Schedule.RunAsync(fresh, second))[0], ServingEngine.Tolerance);
    }

    [Fact]
    public async Task Replan_MidAnswer_ActsFromTheNextTokenOn()
    {
        using var engine = ServingEngine.Open();
        using var fresh = ServingEngine.Open();
        var plain = (await Schedule.RunAsync(fresh, First([])))[0];
        var changed = new List<float[]>();
        GenerationRequest? request = null;
        request = Schedule.Request(engine, First([]) with { CacheScope = "changed" }, (values, token) =>
        {
            changed.Add(values.ToArray());
            if (token == 3)
            {
                request!.Plan = Schedule.Compile(engine, ServingEngine.Strength(ServingEngine.All, 2));
            }
        });
        engine.Loop.Submit(request);
        await Schedule.EndAsync(request);

        for (var i = 0; i < 4; i++)
        {
            Assert.True(Difference(i) < ServingEngine.Tolerance, $"Token {i} is off by {Difference(i)}.");
        }

        Assert.True(Difference(4) > 10 * ServingEngine.Tolerance, $"The change moves the logits by {Difference(4)} only.");

        float Difference(int token) => plain.Logits[token].Zip(changed[token], (a, b) => Math.Abs(a - b)).Max();
    }

    [Fact]
    public async Task ConversationsThatBeginAlike_InTurn_EachFindTheirOwn()
    {
        using var engine = ServingEngine.Open();
        using var fresh = ServingEngine.Open();
        var random = new Random(23);
        var system = ServingEngine.Prompt(random, 70);
        var prompts = Enumerable.Range(0, 3).Select(_ => (int[])[.. system, .. ServingEngine.Prompt(random, 70)]).ToArray();
        for (var turn = 0; turn < 3; turn++)
        {
            for (var i = 0; i < prompts.Length; i++)
            {
                var script = new Script { Prompt = prompts[i], MaxTokens = Answer, CacheScope = Scope };
                var outcome = (await Schedule.RunAsync(engine, script))[0];

                var isFirst = turn == 0 && i == 0;
                Assert.Equal(isFirst ? 0 : turn == 0 ? system.Length : prompts[i].Length - 11, engine.Loop.LastSharedTokens);
                outcome.AssertClose((await Schedule.RunAsync(fresh, script with { CacheScope = $"{turn} {i}" }))[0], ServingEngine.Tolerance);
                prompts[i] = [.. prompts[i], .. outcome.Tokens, .. ServingEngine.Prompt(random, 10)];
            }
        }
    }

    [Fact]
    public async Task PromptThatBeginsLikeARunningOne_SharesIt()
    {
        using var engine = ServingEngine.Open();
        using var fresh = ServingEngine.Open();
        var random = new Random(24);
        var system = ServingEngine.Prompt(random, 100);
        var first = new Script { Prompt = [.. system, 7], MaxTokens = 40, CacheScope = Scope };
        var joining = new Script { Prompt = [.. system, 8, 9], MaxTokens = 30, CacheScope = Scope, JoinsAt = 5 };

        var outcomes = await Schedule.RunAsync(engine, first, joining);

        Assert.Equal(system.Length, engine.Loop.LastSharedTokens);
        outcomes[0].AssertClose((await Schedule.RunAsync(fresh, first))[0], ServingEngine.Tolerance);
        outcomes[1].AssertClose((await Schedule.RunAsync(fresh, joining with { JoinsAt = 0, CacheScope = "alone" }))[0], ServingEngine.Tolerance);
    }

    [Theory]
    [InlineData(ModelArchitecture.Qwen3, FlashAttention.Enabled, 1)]
    [InlineData(ModelArchitecture.Qwen3, FlashAttention.Disabled, 2)]
    [InlineData(ModelArchitecture.Gemma2, FlashAttention.Disabled, 3)]
    public async Task RandomSchedules_PromptsThatBeginAlike_EqualRunsAlone(ModelArchitecture architecture, FlashAttention flashAttention, int seed)
    {
        var random = new Random(seed);
        using var engine = ServingEngine.Open(options => (options.FlashAttention, options.CacheSize) = (flashAttention, 1100), architecture);
        using var fresh = ServingEngine.Open(options => options.FlashAttention = flashAttention, architecture);
        var beginnings = Enumerable.Range(0, 3).Select(_ => ServingEngine.Prompt(random, random.Next(70, 200))).ToArray();
        var shared = 0;
        for (var round = 0; round < 8; round++)
        {
            var scripts = Enumerable.Range(0, 6).Select(i => new Script
            {
                Prompt = [.. beginnings[random.Next(beginnings.Length)], .. ServingEngine.Prompt(random, random.Next(1, 90))],
                LastUserTurn = random.Next(1, 100),
                Strengths = random.Next(2) == 0 ? [] : ServingEngine.Strength(random.Next(2) == 0 ? ServingEngine.All : ServingEngine.Generated, 0.5),
                MaxTokens = random.Next(1, 40),
                CacheScope = Scope,
                JoinsAt = i == 0 ? 0 : random.Next(4),
                LeavesAt = random.Next(4) == 0 ? random.Next(1, 10) : int.MaxValue,
            }).ToArray();

            var together = await Schedule.RunAsync(engine, scripts);

            shared += engine.Loop.LastSharedTokens;
            for (var i = 0; i < scripts.Length; i++)
            {
                if (scripts[i].LeavesAt == int.MaxValue)
                {
                    together[i].AssertClose((await Schedule.RunAsync(fresh, scripts[i] with { JoinsAt = 0, CacheScope = $"{round} {i}" }))[0], ServingEngine.Tolerance);
                }
            }
        }

        Assert.True(shared > 0);
    }

    [Fact]
    public async Task ConversationsThatBeginAlike_NoRoomForBoth_SecondTakesOver()
    {
        using var engine = ServingEngine.Open(options => (options.ContextSize, options.CacheSize) = (160, 180));
        using var fresh = ServingEngine.Open();
        var random = new Random(25);
        var system = ServingEngine.Prompt(random, 70);
        await Schedule.RunAsync(engine, new Script { Prompt = [.. system, .. ServingEngine.Prompt(random, 70)], MaxTokens = 1, CacheScope = Scope });
        var second = new Script { Prompt = [.. system, .. ServingEngine.Prompt(random, 70)], MaxTokens = Answer, CacheScope = Scope };

        var outcome = (await Schedule.RunAsync(engine, second))[0];

        Assert.Equal(system.Length, engine.Loop.LastSharedTokens);
        outcome.AssertClose((await Schedule.RunAsync(fresh, second))[0], ServingEngine.Tolerance);
    }

    [Fact]
    public async Task HealthChecks_BesideConversations_LeaveThemInTheCache()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 4);
        var (_, second) = await TurnsAsync(engine, null, 0, null, 0);

        for (var i = 0; i < 3; i++)
        {
            await new SteeringHealthCheck(() => engine).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        }

        await Schedule.RunAsync(engine, second);
        Assert.Equal(Whole, engine.Loop.LastSharedTokens);
    }

    /// <summary>The plan is changed over and over, and so also between the choice of a prefix and its use.</summary>
    [Fact]
    public async Task Replan_WhileTheRequestIsAdmitted_NeverPassesThePrefixOffAsAnothers()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 1);
        using var fresh = ServingEngine.Open(options => options.MaxConcurrentRequests = 1);
        var random = new Random(26);
        var (plain, strong) = (ServingEngine.Strength(ServingEngine.All, 0), ServingEngine.Strength(ServingEngine.All, 2));
        var plans = new[] { Schedule.Compile(engine, strong), Schedule.Compile(engine, plain) };
        for (var round = 0; round < 25; round++)
        {
            var scope = $"round {round}";
            var first = new Script { Prompt = ServingEngine.Prompt(random, 300), MaxTokens = 1, CacheScope = scope, Strengths = plain };
            await Schedule.RunAsync(engine, first);
            var request = Schedule.Request(engine, first with { Prompt = [.. first.Prompt, 5, 6, 7] });
            using (var stop = new CancellationTokenSource())
            {
                var changes = Task.Run(() =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        request.Plan = plans[0];
                        request.Plan = plans[1];
                    }
                }, TestContext.Current.CancellationToken);
                engine.Loop.Submit(request);
                await Schedule.EndAsync(request);
                await stop.CancelAsync();
                await changes;
            }

            var next = first with { Prompt = [.. first.Prompt, 5, 6, 8], Strengths = strong };

            (await Schedule.RunAsync(engine, next))[0].AssertClose((await Schedule.RunAsync(fresh, next))[0], ServingEngine.Tolerance);
        }
    }

    private static async Task<(Script First, Script Second)> TurnsAsync(SteeredLlamaEngine engine, string? concept, double strength, string? nextConcept, double nextStrength)
    {
        var first = First(concept is null ? [] : ServingEngine.Strength(concept, strength));
        var outcome = (await Schedule.RunAsync(engine, first))[0];
        Assert.Equal(Answer, outcome.Tokens.Length);
        return (first, Second(first, outcome.Tokens, nextConcept is null ? [] : ServingEngine.Strength(nextConcept, nextStrength)));
    }

    private static Script First(Dictionary<string, double> strengths) => new()
    {
        Prompt = ServingEngine.Prompt(new Random(21), FirstTurn), LastUserTurn = 80, MaxTokens = Answer, CacheScope = Scope, Strengths = strengths,
    };

    private static Script Second(Script first, int[] answer, Dictionary<string, double> strengths) => first with
    {
        Prompt = [.. first.Prompt, .. answer, .. ServingEngine.Prompt(new Random(22), 30)], LastUserTurn = FirstTurn + Answer, Strengths = strengths,
    };
}
