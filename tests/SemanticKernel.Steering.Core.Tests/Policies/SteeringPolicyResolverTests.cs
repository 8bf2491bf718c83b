namespace SemanticKernel.Steering.Tests;

public sealed class SteeringPolicyResolverTests
{
    private static readonly MapSet Tone = Maps.Of("tone", [2, 1], [1, 0]);
    private static readonly MapSet Truth = Maps.Of("truth", [1, 3], [5, -1]);

    [Fact]
    public void Resolve_UnknownConcept_NamesTheKnownOnes()
    {
        var error = Assert.Throws<SteeringPolicyException>(() => Maps.Resolve([Tone, Truth], ("humour", 1)));
        Assert.Contains("humour", error.Message, StringComparison.Ordinal);
        Assert.Contains("tone, truth", error.Message, StringComparison.Ordinal);
        Assert.Throws<SteeringPolicyException>(() => Maps.Resolve([Tone], ("Tone", 0)));
        Assert.Throws<SteeringPolicyException>(() => Maps.Resolve([], ("tone", 0)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Resolve_NonFiniteStrength_Refuses(double strength)
    {
        var error = Assert.Throws<SteeringPolicyException>(() => Maps.Resolve([Tone], ("tone", strength)));
        Assert.Contains("tone", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strict")]
    [InlineData("")]
    public void Resolve_AnyPolicy_RefusesWhileNoneIsConfigured(string policy) =>
        Assert.Throws<SteeringPolicyException>(() => Maps.Resolver(Tone).Resolve(new SteeringRequest { Policy = policy }));

    [Fact]
    public void Ctor_ConceptThatCannotWork_Refuses()
    {
        Assert.Throws<SteeringPolicyException>(() => Maps.Resolver(Tone, Tone));
        Assert.Throws<SteeringPolicyException>(() => Maps.Resolver(Maps.Of("idle", [1, 1], [0, 0])));
        Assert.Throws<SteeringPolicyException>(() => new SteeringPolicyResolver([KeyValuePair.Create("toxicity", Tone)]));
        Assert.Throws<SteeringPolicyException>(() => new SteeringPolicyResolver([KeyValuePair.Create("Tone", Tone)]));
        Assert.Throws<ArgumentNullException>(() => new SteeringPolicyResolver([KeyValuePair.Create("tone", (MapSet)null!)]));
    }

    [Fact]
    public void Ctor_MapsOfDifferentModels_Refuses()
    {
        var other = new MapSet(Truth.Metadata with { Model = Maps.Model(2) with { BaseHash = "base-2" } }, Truth.Maps);
        var error = Assert.Throws<MapSetMismatchException>(() => Maps.Resolver(Tone, other));
        Assert.Contains("base-2", error.Message, StringComparison.Ordinal);
        Assert.Throws<MapSetMismatchException>(() => Maps.Resolver(Tone, Maps.Of("narrow", [2], [0])));
    }

    [Fact]
    public void Concepts_Registered_KeepTheirOrder() =>
        Assert.Equal(["truth", "tone"], Maps.Resolver(Truth, Tone).Concepts);

    [Fact]
    public void Concepts_OfARequest_AreCopied()
    {
        var strengths = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase) { ["tone"] = 1 };
        var request = new SteeringRequest { Concepts = strengths };
        strengths["tone"] = 2;
        Assert.Equal(1, request.Concepts["tone"]);
        Assert.False(request.Concepts.ContainsKey("TONE"));
        Assert.Empty(SteeringRequest.Empty.Concepts);
        Assert.Null(SteeringRequest.Empty.Policy);
    }

    [Fact]
    public void Resolve_FromManyThreads_GivesEqualPlans()
    {
        var resolver = Maps.Resolver(Tone, Truth);
        var prints = new string[64];
        Parallel.For(0, prints.Length, i => prints[i] = resolver.Resolve(Maps.Request(("tone", i % 2 == 0 ? 1 : 0.5))).Fingerprint);
        Assert.Equal(2, prints.Distinct().Count());
    }
}
