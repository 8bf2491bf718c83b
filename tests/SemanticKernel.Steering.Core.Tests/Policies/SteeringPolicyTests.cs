namespace SemanticKernel.Steering.Tests;

public sealed class SteeringPolicyTests
{
    private static readonly MapSet Tone = Maps.Of("tone", [2, 1], [1, 0]);
    private static readonly MapSet Truth = Maps.Of("truth", [1, 3], [5, -1]);

    [Theory]
    // Deny: only the policy's own strength.
    [InlineData(StrengthOverride.Deny, 1.0, 0.5, 1.5, 1.0, true)]
    [InlineData(StrengthOverride.Deny, 1.0, 0.5, 1.5, 1.1, false)]
    [InlineData(StrengthOverride.Deny, 1.0, 0.5, 1.5, 0.0, false)]
    // Raise: further from 0 with the same sign, up to the limit on that side.
    [InlineData(StrengthOverride.Raise, 1.0, 0.5, 1.5, 1.0, true)]
    [InlineData(StrengthOverride.Raise, 1.0, 0.5, 1.5, 1.5, true)]
    [InlineData(StrengthOverride.Raise, 1.0, 0.5, 1.5, 1.6, false)]
    [InlineData(StrengthOverride.Raise, 1.0, 0.5, 1.5, 0.9, false)]
    [InlineData(StrengthOverride.Raise, 1.0, -2.0, 1.5, -1.2, false)]
    [InlineData(StrengthOverride.Raise, -1.0, -1.5, 0.0, -1.4, true)]
    [InlineData(StrengthOverride.Raise, -1.0, -1.5, 0.0, -0.9, false)]
    [InlineData(StrengthOverride.Raise, 0.0, -1.0, 1.0, 0.5, true)]
    [InlineData(StrengthOverride.Raise, 0.0, -1.0, 1.0, -0.5, false)]
    // Within: anywhere between the limits.
    [InlineData(StrengthOverride.Within, 1.0, 0.8, 1.2, 0.8, true)]
    [InlineData(StrengthOverride.Within, 1.0, 0.8, 1.2, 1.2, true)]
    [InlineData(StrengthOverride.Within, 1.0, 0.8, 1.2, 0.7999999, false)]
    [InlineData(StrengthOverride.Within, 0.0, -1.0, 1.5, -1.0, true)]
    public void Resolve_EachOverride_AllowsWhatItSays(StrengthOverride rule, double strength, double min, double max, double asked, bool isAllowed)
    {
        var resolver = Resolver(PolicyViolation.Throw, new ConceptPolicy("tone", strength, min, max, rule));
        if (isAllowed)
        {
            Assert.Equal(asked, resolver.Resolve(Maps.Request(("tone", asked))).Strengths["tone"]);
        }
        else
        {
            var error = Assert.Throws<SteeringPolicyException>(() => resolver.Resolve(Maps.Request(("tone", asked))));
            Assert.Contains("tone", error.Message, StringComparison.Ordinal);
            Assert.Contains("family", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(StrengthOverride.Within, 5.0, 1.2)]
    [InlineData(StrengthOverride.Within, -5.0, 0.8)]
    [InlineData(StrengthOverride.Raise, 0.1, 1.0)]
    [InlineData(StrengthOverride.Raise, 9.0, 1.2)]
    [InlineData(StrengthOverride.Deny, 0.0, 1.0)]
    public void Resolve_ViolationWithClamp_UsesTheNearestAllowedStrength(StrengthOverride rule, double asked, double used)
    {
        var plan = Resolver(PolicyViolation.Clamp, new ConceptPolicy("tone", 1, 0.8, 1.2, rule)).Resolve(Maps.Request(("tone", asked)));
        Assert.Equal(used, plan.Strengths["tone"]);
        Assert.Equal([new StrengthViolation("tone", asked, used)], plan.Violations);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Resolve_NonFiniteStrength_IsRefusedEvenWithClamp(double asked) =>
        Assert.Throws<SteeringPolicyException>(() =>
            Resolver(PolicyViolation.Clamp, new ConceptPolicy("tone", 1, 0, 2, StrengthOverride.Within)).Resolve(Maps.Request(("tone", asked))));

    [Fact]
    public void Resolve_ConceptThePolicyDoesNotList_IsRefusedEvenWithClamp()
    {
        var resolver = Resolver(PolicyViolation.Clamp, new ConceptPolicy("tone", 1));
        var error = Assert.Throws<SteeringPolicyException>(() => resolver.Resolve(Maps.Request(("truth", 0))));
        Assert.Contains("does not list", error.Message, StringComparison.Ordinal);
        Assert.Contains("truth", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_NoWishes_GivesThePolicysStrengths()
    {
        var plan = Resolver(PolicyViolation.Throw, new ConceptPolicy("truth", 0.7), new ConceptPolicy("tone", 1)).Resolve(SteeringRequest.Empty);
        Assert.Equal("family", plan.Policy);
        Assert.Equal(0.7, plan.Strengths["truth"]);
        Assert.Equal(1, plan.Strengths["tone"]);
        Assert.Empty(plan.Violations);
        Assert.False(plan.IsEmpty);
    }

    [Fact]
    public void Resolve_OrderOfRules_DecidesWhoActsFirst()
    {
        float[] first = [1, 1];
        float[] second = [1, 1];
        Apply(Resolver(PolicyViolation.Throw, new ConceptPolicy("tone", 1), new ConceptPolicy("truth", 1)), first);
        Apply(Resolver(PolicyViolation.Throw, new ConceptPolicy("truth", 1), new ConceptPolicy("tone", 1)), second);
        Assert.Equal([8f, 2f], first);   // (2·1 + 1) + 5, 3·1 − 1
        Assert.Equal([13f, 2f], second); // 2·(1 + 5) + 1, 3·1 − 1
    }

    [Fact]
    public void Resolve_PolicyByName_UsesIt()
    {
        var strict = new SteeringPolicy("strict", [new ConceptPolicy("tone", 2)]);
        var resolver = new SteeringPolicyResolver(Concepts(), [new SteeringPolicy("family", [new ConceptPolicy("tone", 1)]), strict], "family");
        Assert.Equal(2, resolver.Resolve(new SteeringRequest { Policy = "strict" }).Strengths["tone"]);
        Assert.Equal(1, resolver.Resolve(SteeringRequest.Empty).Strengths["tone"]);
        var error = Assert.Throws<SteeringPolicyException>(() => resolver.Resolve(new SteeringRequest { Policy = "lax" }));
        Assert.Contains("family, strict", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_TwoExclusiveConcepts_IsRefused()
    {
        var policy = new SteeringPolicy(
            "family", [new ConceptPolicy("tone", 1, 0, 1, StrengthOverride.Within), new ConceptPolicy("truth", 0, 0, 1, StrengthOverride.Within)], [["tone", "truth"]]);
        var resolver = new SteeringPolicyResolver(Concepts(), [policy], "family");
        Assert.Throws<SteeringPolicyException>(() => resolver.Resolve(Maps.Request(("truth", 1))));
        Assert.Equal(1, resolver.Resolve(Maps.Request(("tone", 0), ("truth", 1))).Strengths["truth"]);
    }

    [Theory]
    [InlineData(double.NaN, null, null)]
    [InlineData(1.0, 1.1, null)]
    [InlineData(1.0, null, 0.9)]
    [InlineData(1.0, double.NaN, null)]
    [InlineData(1.0, null, double.PositiveInfinity)]
    public void Ctor_ImpossibleRule_Throws(double strength, double? min, double? max) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConceptPolicy("tone", strength, min, max));

    [Fact]
    public void Ctor_ImpossiblePolicies_Throw()
    {
        Assert.Throws<ArgumentException>(() => new SteeringPolicy("p", [new ConceptPolicy("tone", 1), new ConceptPolicy("tone", 1)]));
        Assert.Throws<ArgumentException>(() => new SteeringPolicy("p", [new ConceptPolicy("tone", 1)], [["tone"]]));
        Assert.Throws<ArgumentException>(() => new SteeringPolicy("p", [new ConceptPolicy("tone", 1)], [["tone", "tone"]]));
        Assert.Throws<ArgumentException>(() => new SteeringPolicy("p", [new ConceptPolicy("tone", 1)], [["tone", "truth"]]));
        Assert.Throws<ArgumentException>(() => new SteeringPolicy("p", [new ConceptPolicy("tone", 1), new ConceptPolicy("truth", 1)], [["tone", "truth"]]));
        var policy = new SteeringPolicy("p", [new ConceptPolicy("tone", 1)]);
        Assert.Throws<SteeringPolicyException>(() => new SteeringPolicyResolver(Concepts(), [policy], null));
        Assert.Throws<SteeringPolicyException>(() => new SteeringPolicyResolver(Concepts(), [policy], "q"));
        Assert.Throws<SteeringPolicyException>(() => new SteeringPolicyResolver(Concepts(), [policy, policy], "p"));
        Assert.Throws<SteeringPolicyException>(() => new SteeringPolicyResolver([], [policy], "p"));
    }

    [Fact]
    public void Resolve_SameStrengthsTwice_SharesTheCompiledPlan()
    {
        var resolver = Maps.Resolver(Tone);
        Assert.Same(resolver.Resolve(Maps.Request(("tone", 1))), resolver.Resolve(Maps.Request(("tone", 1))));
    }

    private static KeyValuePair<string, MapSet>[] Concepts() => [KeyValuePair.Create("tone", Tone), KeyValuePair.Create("truth", Truth)];

    private static SteeringPolicyResolver Resolver(PolicyViolation onViolation, params ConceptPolicy[] rules) =>
        new(Concepts(), [new SteeringPolicy("family", rules)], "family", onViolation);

    private static void Apply(SteeringPolicyResolver resolver, float[] row)
    {
        Assert.True(resolver.Resolve(SteeringRequest.Empty).TryGetOperations(Maps.Site, out var operations));
        foreach (var operation in operations)
        {
            operation.Apply(row);
        }
    }
}
