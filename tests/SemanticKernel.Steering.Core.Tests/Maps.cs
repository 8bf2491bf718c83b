namespace SemanticKernel.Steering.Tests;

/// <summary>Small map sets.</summary>
internal static class Maps
{
    public static readonly Site Site = new(1, HookPoint.BlockOutput);

    public static ModelIdentity Model(int width) => new("llama", "tiny", width, 4, "base-1", "weights-1");

    public static MapSetMetadata Metadata(string concept, int width) => new() { Concept = concept, Model = Model(width) };

    public static MapSet Of(string concept, float[] slope, float[] intercept, SteeringScope scope = SteeringScope.All) =>
        Of(concept, new TransportMap(slope, intercept), scope);

    public static MapSet Of(string concept, TransportMap map, SteeringScope scope = SteeringScope.All) =>
        new(Metadata(concept, map.Width) with { Scope = scope }, [KeyValuePair.Create(Site, map)]);

    public static SteeringPolicyResolver Resolver(params MapSet[] sets) =>
        new(sets.Select(set => KeyValuePair.Create(set.Concept, set)));

    public static SteeringRequest Request(params (string Concept, double Strength)[] strengths) =>
        new() { Concepts = strengths.ToDictionary(pair => pair.Concept, pair => pair.Strength) };

    public static SteeringPlan Resolve(MapSet[] sets, params (string Concept, double Strength)[] strengths) =>
        Resolver(sets).Resolve(Request(strengths));

    public static byte[] Bytes(this MapSet set)
    {
        using var stream = new MemoryStream();
        set.Save(stream);
        return stream.ToArray();
    }

    public static MapSet Load(byte[] bytes) => MapSet.Load(new MemoryStream(bytes));
}
