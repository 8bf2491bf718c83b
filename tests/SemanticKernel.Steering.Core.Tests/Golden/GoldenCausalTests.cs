using System.Text.Json;

namespace SemanticKernel.Steering.Tests;

public sealed class GoldenCausalTests
{
    private static readonly JsonElement Toy = GoldenFile.Root.GetProperty("sequential_toy");

    public static TheoryData<string> Supports => ["q_all", "q_0_100"];

    [Theory]
    [MemberData(nameof(Supports))]
    public void CausalFitter_BothSides_GivesTheReferenceMapsAndSamples(string support)
    {
        var network = new ToyNetwork(Toy, CausalSides.Both);

        var maps = Fit(network, support);

        AssertMap(Toy.GetProperty("layer1"), maps, network.Stops[0], support);
        AssertMap(Toy.GetProperty($"layer2_causal_{support}"), maps, network.Stops[1], support);
    }

    [Theory]
    [MemberData(nameof(Supports))]
    public void CausalFitter_AtInference_GivesTheReferenceOutputs(string support)
    {
        var network = new ToyNetwork(Toy, CausalSides.Both);
        var maps = Fit(network, support);
        var inference = Toy.GetProperty($"inference_{support}");

        foreach (var (token, expected) in inference.GetProperty("tokens_h1").EnumerateArray().Zip(inference.GetProperty("h2_out").EnumerateArray()))
        {
            var row = token.Floats();
            maps[new Site(0, HookPoint.BlockOutput)].Apply(row, 1);
            network.Forward(row);
            maps[new Site(1, HookPoint.BlockOutput)].Apply(row, 1);
            AssertRow(expected.Doubles(), row, support);
        }
    }

    [Fact]
    public void CausalFitter_SourceOnly_LeavesTheTargetAsThePlainModelMakesIt()
    {
        var network = new ToyNetwork(Toy, CausalSides.SourceOnly);

        Fit(network, "q_all");

        var steered = Toy.GetProperty("layer2_causal_q_all");
        var plain = Toy.GetProperty("layer2_simultaneous");
        for (var neuron = 0; neuron < 2; neuron++)
        {
            AssertRow(steered[neuron].GetProperty("source_pooled").Doubles(), Column(network.Stops[1].Fit.Source, neuron), "source");
            AssertRow(plain[neuron].GetProperty("target_pooled").Doubles(), Column(network.Stops[1].Fit.Target, neuron), "target");
        }
    }

    private static FitOptions Options(string support) => new()
    {
        Mode = FitMode.Reference,
        Support = support == "q_all" ? SupportRange.Unbounded : SupportRange.Quantiles(0, 100),
    };

    private static IReadOnlyDictionary<Site, SiteMap> Fit(ToyNetwork network, string support)
    {
        var fitted = new FittedSites();
        CausalFitter.Fit(network, Options(support), fitted);
        return fitted.Maps;
    }

    private static void AssertMap(JsonElement expected, IReadOnlyDictionary<Site, SiteMap> maps, CausalStop stop, string support)
    {
        var map = (TransportMap)maps[stop.Site];
        for (var neuron = 0; neuron < 2; neuron++)
        {
            var entry = expected[neuron];
            AssertRow(entry.GetProperty("source_pooled").Doubles(), Column(stop.Fit.Source, neuron), $"source {neuron}");
            AssertRow(entry.GetProperty("target_pooled").Doubles(), Column(stop.Fit.Target, neuron), $"target {neuron}");
            Approx.Equal(entry.Number("omega"), map.Slope[neuron]);
            Approx.Equal(entry.Number("beta"), map.Intercept[neuron]);
            if (support == "q_0_100")
            {
                // Open bounds are stored as the closed ones one float inside.
                Approx.Equal(entry.Number("min"), map.SupportLow[neuron]);
                Approx.Equal(entry.Number("max"), map.SupportHigh[neuron]);
            }
        }
    }

    private static float[] Column(ActivationSamples samples, int neuron) =>
        [.. Enumerable.Range(0, samples.Count).Select(i => samples.Row(i)[neuron])];

    private static void AssertRow(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Approx.Equal(expected[i], actual[i], what: $"{what} {i}");
        }
    }
}
