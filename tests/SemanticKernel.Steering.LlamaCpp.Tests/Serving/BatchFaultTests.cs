using SemanticKernel.Steering.LlamaCpp.Engine;
namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class BatchFaultTests
{
    private const string Burst = "burst";
    private const string Late = "late";
    private const string Hidden = "hidden";
    private const string LateHidden = "late-hidden";
    private const string Exception = "exception";
    private const int Requests = 5;

    private static readonly Site Inner = new(1, HookPoint.AttentionNorm);

    public static TheoryData<string, FlashAttention, string> Faults
    {
        get
        {
            var data = new TheoryData<string, FlashAttention, string>();
            foreach (var fault in new[] { Burst, Late, Hidden, LateHidden, Exception })
            {
                data.Add(fault, FlashAttention.Enabled, nameof(StateAccess.Auto));
                data.Add(fault, FlashAttention.Disabled, nameof(StateAccess.Auto));
                data.Add(fault, FlashAttention.Disabled, nameof(StateAccess.Copied));
                data.Add(fault, FlashAttention.Disabled, nameof(StateAccess.OnDevice));
            }

            return data;
        }
    }

    [Theory]
    [InlineData(FlashAttention.Disabled)]
    [InlineData(FlashAttention.Enabled)]
    public async Task Measure_BesideAFaultOfAnother_CountsWhatWasUsedAlone(FlashAttention flashAttention)
    {
        const string Measured = "measured";
        var options = ServingEngine.Options(ServingEngine.Model());
        options.AddConcept(TestMaps.Shift(options.ModelPath, Hidden, 5e37f, SteeringScope.All, new Site(0, HookPoint.AttentionNorm)));
        options.AddConcept(TestMaps.Shift(options.ModelPath, Measured, 0.1f, SteeringScope.All, new Site(1, HookPoint.BlockOutput)));
        options.FlashAttention = flashAttention;
        using var engine = TestEngine.Open(options);
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(TestContext.Current.CancellationToken));
        var (guilty, innocent, alone) = (Make(Hidden, 10), Make(Measured, 12), Make(Measured, 12));

        engine.Loop.Submit(blocker);
        engine.Loop.Submit(guilty);
        engine.Loop.Submit(innocent);
        gate.Set();
        await Task.WhenAll(new[] { blocker, guilty, innocent }.Select(Schedule.EndAsync));
        engine.Loop.Submit(alone);
        await Schedule.EndAsync(alone);

        Assert.NotNull(guilty.Output.Error);
        Assert.Null(innocent.Output.Error);
        Assert.Equal(alone.Meter!.Read()[Measured].MeanShift, innocent.Meter!.Read()[Measured].MeanShift, 1e-6);

        GenerationRequest Make(string concept, int length)
        {
            var prompt = ServingEngine.Prompt(new Random(length), length);
            return new GenerationRequest
            {
                Prompt = prompt,
                PromptKinds = [.. prompt.Select((_, i) => i == 0 ? RowKind.Bos : RowKind.LastUserTurn)],
                Plan = engine.Compile(new SteeringRequest { Concepts = ServingEngine.Strength(concept, 1) }, isMeasured: true),
                Meter = new ShiftMeter(),
                Sampling = new SamplerSettings { Temperature = 0 },
                MaxTokens = 6,
                Stops = new StopMatcher([]),
                Output = new TokenStream(6),
            };
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Run_FaultInOneRequest_EndsThatOneAloneAndOthersAsUndisturbed(string fault, FlashAttention flashAttention, string access)
    {
        var random = new Random(11);
        using var engine = Open(flashAttention, Enum.Parse<StateAccess>(access));
        var scripts = Enumerable.Range(0, Requests).Select(i => Innocent(random, 10 + (i * 17))).ToArray();
        var alone = new List<Outcome>();
        foreach (var script in scripts)
        {
            alone.AddRange(await Schedule.RunAsync(engine, script));
        }

        for (var culprit = 0; culprit < Requests; culprit += 2)
        {
            var together = await Schedule.RunAsync(engine, [.. scripts.Select((script, i) => i == culprit ? Guilty(script, fault) : script)]);

            AssertOnlyCulpritFailed(together, alone, culprit, fault);
        }
    }

    [Theory]
    [InlineData(FlashAttention.Enabled)]
    [InlineData(FlashAttention.Disabled)]
    public async Task Run_OverflowInALongPromptNobodyHasLogitsOf_DoesNotEndRequestsThatJoin(FlashAttention flashAttention)
    {
        var random = new Random(12);
        using var engine = Open(flashAttention, StateAccess.Auto);
        Script[] scripts = [Innocent(random, 10), Guilty(Innocent(random, 400), Hidden) with { JoinsAt = 2 }, Innocent(random, 40) with { JoinsAt = 3 }, Innocent(random, 8) with { JoinsAt = 4 }];
        var alone = new List<Outcome>();
        foreach (var script in scripts.Where(script => !script.Strengths.ContainsKey(Hidden)))
        {
            alone.AddRange(await Schedule.RunAsync(engine, script with { JoinsAt = 0 }));
        }

        alone.Insert(1, alone[0]);
        AssertOnlyCulpritFailed(await Schedule.RunAsync(engine, scripts), alone, 1, Hidden);
    }

    [Theory]
    [InlineData(FlashAttention.Enabled)]
    [InlineData(FlashAttention.Disabled)]
    public async Task Run_AfterAnOverflowThatWasCancelledInItsPrompt_IsNotBlamed(FlashAttention flashAttention)
    {
        var random = new Random(13);
        using var engine = Open(flashAttention, StateAccess.Auto);
        var innocent = Innocent(random, 30);
        var alone = (await Schedule.RunAsync(engine, innocent))[0];
        for (var round = 0; round < 4; round++)
        {
            var guilty = Schedule.Request(engine, Guilty(Innocent(random, 400), Hidden));
            var first = innocent with { OnToken = token => Abandon(token, 2 + round) };

            var outcome = (await Schedule.RunAsync(engine, first))[0];

            await Schedule.EndAsync(guilty);
            Assert.Null(outcome.Error);
            outcome.AssertClose(alone, ServingEngine.Tolerance);
            (await Schedule.RunAsync(engine, innocent))[0].AssertClose(alone, ServingEngine.Tolerance);

            void Abandon(int token, int last)
            {
                if (token == 0)
                {
                    engine.Loop.Submit(guilty);
                }
                else if (token == last)
                {
                    guilty.Abandon();
                }
            }
        }
    }

    [Fact]
    public async Task Run_SeveralFaultsAtOnce_EndsAllOfThemAndNoOther()
    {
        var random = new Random(14);
        using var engine = Open(FlashAttention.Disabled, StateAccess.Auto);
        var innocent = Innocent(random, 25);
        var alone = (await Schedule.RunAsync(engine, innocent))[0];
        Script[] scripts = [Guilty(innocent, Hidden), innocent, Guilty(innocent, Late), Guilty(innocent, Exception), innocent, Guilty(innocent, LateHidden)];

        var together = await Schedule.RunAsync(engine, scripts);

        Assert.Equal([true, false, true, true, false, true], together.Select(outcome => outcome.Error is not null));
        together[1].AssertClose(alone, ServingEngine.Tolerance);
        together[4].AssertClose(alone, ServingEngine.Tolerance);
    }

    private static void AssertOnlyCulpritFailed(Outcome[] together, List<Outcome> alone, int culprit, string fault)
    {
        for (var i = 0; i < together.Length; i++)
        {
            if (i != culprit)
            {
                Assert.Null(together[i].Error);
                Assert.True(together[i].AssertClose(alone[i], ServingEngine.Tolerance) > 0);
                continue;
            }

            Assert.IsType(fault == Exception ? typeof(InvalidOperationException) : typeof(SteeringException), together[i].Error);
            Assert.Equal(fault switch { Exception => 3, Late or LateHidden => 1, _ => 0 }, together[i].Tokens.Length);
        }
    }

    private static Script Innocent(Random random, int length) => new()
    {
        Prompt = ServingEngine.Prompt(random, length), Strengths = ServingEngine.Strength(ServingEngine.All, random.Next(1, 5) / 4.0), MaxTokens = 10,
    };

    private static Script Guilty(Script script, string fault) => fault == Exception
        ? script with { OnToken = token => _ = token == 3 ? throw new InvalidOperationException("A fault.") : token }
        : script with { Strengths = ServingEngine.Strength(fault, 1) };

    private static SteeredLlamaEngine Open(FlashAttention flashAttention, StateAccess access) => ServingEngine.Open(options =>
    {
        var path = options.ModelPath;
        options.AddConcept(TestMaps.Affine(path, Burst, float.MaxValue, float.MaxValue))
            .AddConcept(TestMaps.Affine(path, Late, float.MaxValue, float.MaxValue, SteeringScope.Generated))
            .AddConcept(TestMaps.Shift(path, Hidden, 5e37f, SteeringScope.All, Inner))
            .AddConcept(TestMaps.Shift(path, LateHidden, 5e37f, SteeringScope.Generated, Inner));
        (options.FlashAttention, options.StateAccess) = (flashAttention, access);
    });
}
