using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace SemanticKernel.Steering;

/// <summary>Compiles map sets and strengths, in the order in which they act, into a plan.</summary>
internal static class PlanCompiler
{
    public static SteeringPlan Compile(IReadOnlyList<(MapSet Maps, double Strength)> concepts)
    {
        var operations = new Dictionary<Site, ImmutableArray<SteeringOperation>>();
        foreach (var (site, builders) in Combine(concepts))
        {
            var built = builders.Select(builder => builder.Build(site)).OfType<SteeringOperation>().ToImmutableArray();
            if (!built.IsEmpty)
            {
                operations.Add(site, built);
            }
        }

        var fingerprint = PlanFingerprint.Of(operations.Count == 0 ? [] : concepts);
        var strengths = concepts.ToDictionary(concept => concept.Maps.Concept, concept => concept.Strength, StringComparer.Ordinal);
        return new SteeringPlan(fingerprint, new ReadOnlyDictionary<string, double>(strengths), operations) { Parts = concepts };
    }

    private static Dictionary<Site, List<IOperationBuilder>> Combine(IEnumerable<(MapSet Maps, double Strength)> concepts)
    {
        var sites = new Dictionary<Site, List<IOperationBuilder>>();
        foreach (var (maps, strength) in concepts.Where(concept => concept.Strength != 0))
        {
            foreach (var (site, map) in maps.Operations.Where(pair => !pair.Value.IsIdentity))
            {
                if (!sites.TryGetValue(site, out var builders))
                {
                    sites.Add(site, builders = []);
                }

                if (builders.Count == 0 || !builders[^1].TryAppend(map, strength, maps.Metadata.Scope))
                {
                    builders.Add(map is TransportMap affine
                        ? new OperationBuilder(affine, strength, maps.Metadata.Scope)
                        : new SingleOperationBuilder(map, strength, maps.Metadata.Scope));
                }
            }
        }

        return sites;
    }
}
