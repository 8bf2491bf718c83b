using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>apply</c>: editing hidden states in place, against copying as many bytes; both on one core and on rows that no cache holds.</summary>
internal static class ApplyRow
{
    private const int Width = 2304;
    private const int Rows = 32 << 10;

    /// <summary>Gives the speed of a map divided by that of a copy; medians over rounds taken in turn.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="bounded">Whether the map acts within bounds only. At this width four arrays of parameters then leave the states little of the nearest cache.</param>
    internal static BenchmarkRow Measure(int rounds, bool bounded)
    {
        var states = States();
        var copy = new float[states.Length];
        var operation = Operation(bounded);
        var ratios = new List<double>();
        for (var i = 0; i <= rounds; i++)
        {
            var copying = Time(() => states.CopyTo(copy.AsSpan()));
            var applying = Time(() => Apply(operation, copy));
            if (i > 0)
            {
                // The first round also brings pages into memory.
                ratios.Add(copying / applying);
            }
        }

        return bounded ? BenchmarkRow.Of("apply-bounded", ratios, "none") : BenchmarkRow.Of("apply", ratios, "≥ 0.8");
    }

    private static void Apply(SteeringOperation operation, float[] states)
    {
        if (!operation.Apply(states, Rows))
        {
            throw new InvalidOperationException("A state became NaN or infinite.");
        }
    }

    private static float[] States()
    {
        var states = new float[Rows * Width];
        new Random(1).NextBytes(MemoryMarshal.AsBytes(states.AsSpan()));
        for (var i = 0; i < states.Length; i++)
        {
            // Keeps sign and mantissa: values from 1 to 2 in magnitude.
            var bits = BitConverter.SingleToUInt32Bits(states[i]);
            states[i] = BitConverter.UInt32BitsToSingle((bits & 0x807FFFFF) | 0x3F800000);
        }

        return states;
    }

    private static SteeringOperation Operation(bool bounded)
    {
        var slope = Enumerable.Repeat(1.0001f, Width).ToArray();
        var intercept = Enumerable.Repeat(1e-4f, Width).ToArray();
        var map = bounded
            ? new TransportMap(slope, intercept, Enumerable.Repeat(-1.9f, Width).ToArray(), Enumerable.Repeat(1.9f, Width).ToArray())
            : new TransportMap(slope, intercept);
        var site = new Site(0, HookPoint.BlockOutput);
        var model = new ModelIdentity("benchmark", "benchmark", Width, 1, "base", "weights");
        var maps = new MapSet(new MapSetMetadata { Concept = SmallShift.Concept, Model = model }, [KeyValuePair.Create(site, map)]);
        var resolver = new SteeringPolicyResolver([KeyValuePair.Create(maps.Concept, maps)]);
        var plan = resolver.Resolve(new SteeringRequest { Concepts = new Dictionary<string, double> { [maps.Concept] = 1 } });
        return plan.TryGetOperations(site, out var operations) ? operations[0] : throw new InvalidOperationException("The plan is empty.");
    }

    private static double Time(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
