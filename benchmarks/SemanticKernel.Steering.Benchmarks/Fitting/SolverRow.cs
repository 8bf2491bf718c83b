using System.Diagnostics;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>solver</c>: fitting the maps of all sites from samples at hand, against the same mathematics written down in LINQ.</summary>
internal static class SolverRow
{
    private const int Sites = 52;
    private const int Width = 2304;
    private const int Count = 256;

    /// <summary>Gives the time of the solver on all cores divided by that of LINQ on one, and the solver's seconds; medians over rounds taken in turn.</summary>
    internal static (BenchmarkRow Ratio, BenchmarkRow Seconds) Measure(int rounds)
    {
        var samples = Enumerable.Range(0, Sites).ToDictionary(
            layer => new Site(layer, HookPoint.BlockOutput),
            layer => new SiteSamples(Normal(2 * layer, 0, 1), Normal((2 * layer) + 1, 0.3, 1.5)));
        Check(samples);
        var (ratios, seconds) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            var ours = Time(() => SiteMap.FitAll(samples, new FitOptions()));
            ratios.Add(ours / Time(() => samples.ToDictionary(pair => pair.Key, pair => Linq(pair.Value))));
            seconds.Add(ours);
        }

        return (BenchmarkRow.Of("solver", ratios, "≤ 0.05"), BenchmarkRow.Of("solver-seconds", seconds, "≤ 0.5"));
    }

    /// <summary>Fails unless both ways agree; also compiles them.</summary>
    private static void Check(Dictionary<Site, SiteSamples> samples)
    {
        var maps = SiteMap.FitAll(samples, new FitOptions());
        var (slope, intercept) = Linq(samples.First().Value);
        var map = (TransportMap)maps[samples.First().Key];
        for (var i = 0; i < Width; i++)
        {
            if (Math.Abs(map.Slope[i] - slope[i]) + Math.Abs(map.Intercept[i] - intercept[i]) > 1e-5)
            {
                throw new InvalidOperationException($"The solver and LINQ disagree on neuron {i}.");
            }
        }
    }

    private static (float[] Slope, float[] Intercept) Linq(SiteSamples samples)
    {
        var (slope, intercept) = (new float[Width], new float[Width]);
        for (var neuron = 0; neuron < Width; neuron++)
        {
            var source = Enumerable.Range(0, Count).Select(i => samples.Source.Row(i)[neuron]).Order().ToArray();
            var target = Enumerable.Range(0, Count).Select(i => samples.Target.Row(i)[neuron]).Order().ToArray();
            var sourceMean = source.Average(value => (double)value);
            var targetMean = target.Average(value => (double)value);
            var covariance = source.Zip(target, (x, y) => (x - sourceMean) * (y - targetMean)).Sum();
            var omega = covariance / source.Sum(x => (x - sourceMean) * (x - sourceMean));
            (slope[neuron], intercept[neuron]) = ((float)omega, (float)(targetMean - (omega * sourceMean)));
        }

        return (slope, intercept);
    }

    private static ActivationSamples Normal(int seed, double mean, double deviation)
    {
        var random = new Random(seed);
        var values = new float[Count * Width];
        for (var i = 0; i < values.Length; i++)
        {
            var length = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(mean + (deviation * length * Math.Cos(2 * Math.PI * random.NextDouble())));
        }

        return new ActivationSamples(Count, Width, values);
    }

    private static double Time(Func<object> work)
    {
        var clock = Stopwatch.StartNew();
        GC.KeepAlive(work());
        return clock.Elapsed.TotalSeconds;
    }
}
