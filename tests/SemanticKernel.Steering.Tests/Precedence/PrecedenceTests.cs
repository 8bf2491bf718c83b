using Microsoft.SemanticKernel;

namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>The table of docs/policies.md, "Per request", cell by cell: every pair of sources on every way to the model.</summary>
public sealed class PrecedenceTests : IDisposable
{
    private readonly Kernel _kernel;

    public PrecedenceTests(TinyChatFixture tinyChat) => _kernel = TwoPolicies.Open(tinyChat);

    public static TheoryData<string, Source, Source> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, Source, Source>();
            foreach (var route in Routes.Names)
            {
                var sources = Routes.SourcesOf(route).ToArray();
                foreach (var (weaker, stronger) in sources.SelectMany((weaker, index) => sources.Skip(index + 1).Select(stronger => (weaker, stronger))))
                {
                    // Forms of one place are tested by themselves.
                    if (stronger > Source.Options && (weaker, stronger) != (Source.KernelRequest, Source.KernelConcepts))
                    {
                        pairs.Add(route, weaker, stronger);
                    }
                }
            }

            return pairs;
        }
    }

    public static TheoryData<string> RouteNames => [.. Routes.Names];

    public void Dispose() => ((IDisposable)_kernel.Services).Dispose();

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Concepts_OfTwoSources_StrongerWinsOneByOne(string route, Source weaker, Source stronger)
    {
        var report = await Routes.RunAsync(_kernel, route, new Ask().With(weaker, SteeredMethods.Weaker, 0.75).With(stronger, SteeredMethods.Strength));

        Assert.Equal(SteeredMethods.Strength, report.Concepts[TwoPolicies.Toxicity]);
        Assert.Equal(0.75, report.Concepts[TwoPolicies.Politeness]);
        Assert.Equal(TwoPolicies.Default, report.Policy);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Policy_OfTwoSources_IsTheStrongersOrElseTheWeakers(string route, Source weaker, Source stronger)
    {
        if (stronger != Source.Attribute && MayChoose(weaker))
        {
            var both = await Routes.RunAsync(
                _kernel, route, new Ask().With(weaker, policy: TwoPolicies.Default).With(stronger, policy: TwoPolicies.Other));
            Assert.Equal(TwoPolicies.Other, both.Policy);
        }

        if (MayChoose(weaker))
        {
            var kept = await Routes.RunAsync(_kernel, route, new Ask().With(weaker, policy: TwoPolicies.Other).With(stronger, SteeredMethods.Strength));
            Assert.Equal(TwoPolicies.Other, kept.Policy);
            Assert.Equal(SteeredMethods.Strength, kept.Concepts[TwoPolicies.Toxicity]);
            Assert.Equal(0.25, kept.Concepts[TwoPolicies.Politeness]);
        }

        if (stronger != Source.Attribute)
        {
            var chosen = await Routes.RunAsync(_kernel, route, new Ask().With(weaker, SteeredMethods.Weaker, 0.75).With(stronger, policy: TwoPolicies.Other));
            Assert.Equal(TwoPolicies.Other, chosen.Policy);
            Assert.Equal(SteeredMethods.Weaker, chosen.Concepts[TwoPolicies.Toxicity]);
            Assert.Equal(0.75, chosen.Concepts[TwoPolicies.Politeness]);
        }
    }

    [Theory]
    [MemberData(nameof(RouteNames))]
    public async Task Policy_OfEverySourceAlone_IsChosenByCodeOnly(string route)
    {
        foreach (var source in Routes.SourcesOf(route).Where(MayChoose))
        {
            Assert.Equal(TwoPolicies.Other, (await Routes.RunAsync(_kernel, route, new Ask().With(source, policy: TwoPolicies.Other))).Policy);
        }

        Assert.Equal(TwoPolicies.Default, (await Routes.RunAsync(_kernel, route, new Ask())).Policy);
    }

    [Theory]
    [InlineData(Routes.Client)]
    [InlineData("IChatClient, streaming")]
    public async Task Options_OverLooseConcepts_TakeTheirPlace(string route)
    {
        var report = await Routes.RunAsync(_kernel, route, new Ask().With(Source.LooseSettings, 0.5, 0.75).With(Source.Options, 1));

        Assert.Equal(1, report.Concepts[TwoPolicies.Toxicity]);
        Assert.Equal(0, report.Concepts[TwoPolicies.Politeness]);
    }

    [Fact]
    public async Task KernelRequest_OverKernelConceptsAndPolicy_TakesTheirPlaceButKeepsAPolicyItDoesNotName()
    {
        foreach (var route in Routes.Names.Where(name => Routes.SourcesOf(name).Contains(Source.KernelRequest)))
        {
            var kept = await Routes.RunAsync(
                _kernel, route, new Ask().With(Source.KernelConcepts, 0.5, 0.75, TwoPolicies.Other).With(Source.KernelRequest, 1));
            Assert.Equal((1, 0.25, TwoPolicies.Other), (kept.Concepts[TwoPolicies.Toxicity], kept.Concepts[TwoPolicies.Politeness], kept.Policy));
            var named = await Routes.RunAsync(
                _kernel, route, new Ask().With(Source.KernelConcepts, policy: TwoPolicies.Other).With(Source.KernelRequest, policy: TwoPolicies.Default));
            Assert.Equal(TwoPolicies.Default, named.Policy);
        }
    }

    [Fact]
    public async Task TypedSettings_WithAnotherFormOfThem_AreRefused()
    {
        foreach (var route in Routes.Names.Where(name => Routes.SourcesOf(name).Contains(Source.TypedSettings)))
        {
            await Assert.ThrowsAsync<SteeringPolicyException>(
                () => Routes.RunAsync(_kernel, route, new Ask().With(Source.TypedSettings, 1).With(Source.LooseSettings, 1)));
            await Assert.ThrowsAsync<SteeringPolicyException>(
                () => Routes.RunAsync(_kernel, route, new Ask().With(Source.TypedSettings, 1).With(Source.Options, 1)));
        }
    }

    private static bool MayChoose(Source source) => source is not (Source.TypedSettings or Source.LooseSettings or Source.Attribute);
}
