using SemanticKernel.Steering.LlamaCpp.Engine;

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
