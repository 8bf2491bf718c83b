using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Keeps compiled plans: applications ask for the same few strengths again and again, and compiling touches every neuron. Thread-safe.</summary>
internal sealed class PlanCache
{
    private const int MaxPlans = 64;

    private readonly ConcurrentDictionary<string, SteeringPlan> _plans = new(StringComparer.Ordinal);

    public SteeringPlan GetOrCompile(IReadOnlyList<(MapSet Maps, double Strength)> concepts)
    {
        var strengths = concepts.Select(concept => concept.Strength).ToArray();
        var key = string.Concat(string.Join('|', concepts.Select(concept => concept.Maps.Concept)), ":", Convert.ToHexString(MemoryMarshal.AsBytes(strengths.AsSpan())));
        if (_plans.TryGetValue(key, out var cached))
        {
            return cached;
        }

        var plan = PlanCompiler.Compile(concepts);
        if (_plans.Count >= MaxPlans)
        {
            // A slider leaves many strengths behind that never come back.
            _plans.Clear();
        }

        return _plans.GetOrAdd(key, plan);
    }
}
