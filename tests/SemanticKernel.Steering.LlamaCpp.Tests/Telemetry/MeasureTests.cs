using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

public sealed class MeasureTests
{
    private const string Question = "Tell me a story about a cow.";

    private static readonly Site First = new(0, HookPoint.BlockOutput);
    private static readonly Site Last = new(1, HookPoint.BlockOutput);

    [Fact]
    public async Task Ask_WithMeasure_GivesTheSameAnswerAndFingerprint()
    {
        using var engine = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "a", 0.1f), TestMaps.Shift(TinyChat.ModelPath, "b", 0.1f));
        foreach (var strength in new[] { 0, 0.5, -1 })
        {
            var plain = await engine.AskAsync(Question, TestEngine.Greedy("a", strength, maxTokens: 30));
            var measured = await engine.AskAsync(Question, Measured("a", strength, maxTokens: 30));

            Assert.Equal(plain.Text, measured.Text);
            Assert.Equal(Report(plain).Fingerprint, Report(measured).Fingerprint);
            Assert.Empty(Report(plain).Shifts);
            Assert.Equal(strength == 0 ? [] : ["a"], Report(measured).Shifts.Keys);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    [InlineData(-2.0)]
    public async Task Ask_UnboundedShift_IsMeasuredAsItsMeanAmount(double strength)
    {
        var maps = TestMaps.Shift(TinyChat.ModelPath, "a", 0.1f, SteeringScope.All, First);
        using var engine = TestEngine.OpenTinyChat(maps);

        var shift = Report(await engine.AskAsync(Question, Measured("a", strength))).Shifts["a"];

        Assert.Equal(0, shift.GatedShare);
        var expected = Math.Abs(strength) * maps.Maps[First].Intercept.ToArray().Average(value => Math.Abs((double)value));
        Assert.InRange(shift.MeanShift, expected * 0.999, expected * 1.001);
    }

    [Fact]
    public async Task Ask_ImpossibleSupport_IsGatedThroughoutAndShiftsNothing()
    {
        using var engine = TestEngine.OpenTinyChat(Bounded("a", low: _ => 1e30f, high: _ => 2e30f));
        using var plain = TestEngine.OpenTinyChat();

        var answer = await engine.AskAsync(Question, Measured("a", 1));

        Assert.Equal(new ConceptShift(1, 0), Report(answer).Shifts["a"]);
        Assert.Equal((await plain.AskAsync(Question)).Text, answer.Text);
    }

    [Fact]
    public async Task Ask_SupportOnHalfOfTheNeurons_IsGatedOnTheOther()
    {
        using var engine = TestEngine.OpenTinyChat(Bounded("a", low: neuron => neuron % 2 == 0 ? 1e30f : -1e30f, high: _ => 2e30f));

        var shift = Report(await engine.AskAsync(Question, Measured("a", 1))).Shifts["a"];

        Assert.Equal(0.5, shift.GatedShare);
        Assert.InRange(shift.MeanShift, 0.0499, 0.0501);
    }

    [Fact]
    public async Task Ask_TwoConceptsOnOneSite_AreMeasuredApart()
    {
        using var engine = TestEngine.OpenTinyChat(
            TestMaps.Affine(TinyChat.ModelPath, "a", 1, 0.25f, SteeringScope.All, First), TestMaps.Affine(TinyChat.ModelPath, "b", 1, 0.5f, SteeringScope.All, First));
        var options = Measured("a", 1);
        options.AdditionalProperties![SteeringKeys.Concepts] = new Dictionary<string, double> { ["a"] = 1, ["b"] = 1 };

        var shifts = Report(await engine.AskAsync(Question, options)).Shifts;

        Assert.InRange(shifts["a"].MeanShift, 0.2499, 0.2501);
        Assert.InRange(shifts["b"].MeanShift, 0.4999, 0.5001);
    }

    [Fact]
    public void Measure_KnownRows_GivesSharesAndShiftsComputedByHand()
    {
        // T(x) = 2x + 1 on [0, 3], 0 elsewhere; strength 0.5 makes it x + (x + 1) / 2.
        var map = new TransportMap([2, 2], [1, 1], [0, 0], [3, 3]);
        var model = new ModelIdentity("test", "test", Width: 2, Layers: 2, new string('a', 64), new string('b', 64));
        var plan = TestMaps.Resolve(TestMaps.Of(model, "a", map, SteeringScope.FromLastUserTurn, First), 0.5);
        var compiled = new CompiledPlan(plan, new HookTable(
            [new GraphHook(First, new NodeSignature("l_out-0", 0, 0), false), new GraphHook(Last, new NodeSignature("l_out-1", 0, 0), false)], 2, null, null), isMeasured: true);
        var meter = new ShiftMeter();

        meter.Measure(compiled.ByConceptAt(0), [1, 3, -1, 5], RowKind.Generated);     // moved by 1 and 2, two left alone
        meter.Measure(compiled.ByConceptAt(0), [100, 100], RowKind.EarlierPrompt);    // outside of the scope
        meter.Measure(compiled.ByConceptAt(1), [100, 100], RowKind.Generated);         // another site
        meter.Commit();
        meter.Measure(compiled.ByConceptAt(0), [7, 7], RowKind.Generated);             // a decode that was not used
        meter.Begin();
        meter.Commit();

        var (concept, shift) = Assert.Single(meter.Read());
        Assert.Equal("a", concept);
        Assert.Equal(new ConceptShift(0.5, 0.75), shift);
    }

    private static MapSet Bounded(string concept, Func<int, float> low, Func<int, float> high)
    {
        var neurons = Enumerable.Range(0, TestMaps.IdentityOf(TinyChat.ModelPath).Width).ToArray();
        return TestMaps.Of(
            TinyChat.ModelPath,
            concept,
            new TransportMap([.. neurons.Select(_ => 1f)], [.. neurons.Select(_ => 0.1f)], [.. neurons.Select(low)], [.. neurons.Select(high)]),
            SteeringScope.All,
            First);
    }

    private static ChatOptions Measured(string concept, double strength, int maxTokens = 12)
    {
        var options = TestEngine.Greedy(concept, strength, maxTokens);
        options.AdditionalProperties![SteeringKeys.Measure] = true;
        return options;
    }

    private static SteeringReport Report(ChatResponse response) => (SteeringReport)response.AdditionalProperties![SteeringKeys.Report]!;
}
