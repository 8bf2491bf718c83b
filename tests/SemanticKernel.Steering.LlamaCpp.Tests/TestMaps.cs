using SemanticKernel.Steering.Gguf;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Tests;

/// <summary>Map sets made by hand for a model file.</summary>
internal static class TestMaps
{
    internal static ModelIdentity IdentityOf(string modelPath)
    {
        var metadata = GgufHeader.Read(modelPath).Metadata;
        var architecture = (string)metadata["general.architecture"];
        return ModelFingerprint.Read(modelPath, (int)(ulong)metadata[$"{architecture}.embedding_length"], (int)(ulong)metadata[$"{architecture}.block_count"]);
    }

    internal static IEnumerable<Site> BlockOutputs(ModelIdentity model) =>
        Enumerable.Range(0, model.Layers).Select(layer => new Site(layer, HookPoint.BlockOutput));

    /// <summary>Shifts every neuron by up to <paramref name="amount"/>, each differently, at all block outputs or at the given sites.</summary>
    internal static MapSet Shift(string modelPath, string concept, float amount, SteeringScope scope = SteeringScope.All, params Site[] sites)
    {
        var intercept = Pattern(IdentityOf(modelPath).Width, amount);
        return Of(modelPath, concept, new TransportMap(Filled(intercept.Length, 1), intercept), scope, sites);
    }

    /// <summary>Multiplies and shifts every neuron by the same values.</summary>
    internal static MapSet Affine(string modelPath, string concept, float slope, float intercept, SteeringScope scope = SteeringScope.All, params Site[] sites)
    {
        var width = IdentityOf(modelPath).Width;
        return Of(modelPath, concept, new TransportMap(Filled(width, slope), Filled(width, intercept)), scope, sites);
    }

    internal static MapSet Of(string modelPath, string concept, TransportMap map, SteeringScope scope = SteeringScope.All, params Site[] sites) =>
        Of(IdentityOf(modelPath), concept, map, scope, sites);

    internal static MapSet Of(ModelIdentity model, string concept, TransportMap map, SteeringScope scope = SteeringScope.All, params Site[] sites) => new(
        new MapSetMetadata { Concept = concept, Model = model, Scope = scope },
        (sites.Length > 0 ? sites : BlockOutputs(model)).Select(site => KeyValuePair.Create(site, map)));

    internal static float[] Pattern(int width, float amount) =>
        [.. Enumerable.Range(0, width).Select(i => amount * ((i * 29 % 13) - 6) / 6f)];

    internal static SteeringPlan Resolve(MapSet maps, double strength) => new SteeringPolicyResolver([KeyValuePair.Create(maps.Concept, maps)])
        .Resolve(new SteeringRequest { Concepts = new Dictionary<string, double> { [maps.Concept] = strength } });

    private static float[] Filled(int width, float value)
    {
        var values = new float[width];
        Array.Fill(values, value);
        return values;
    }
}
