using System.Diagnostics;
using System.Security.Cryptography;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary><c>load</c>: reading, hashing and checking a map set of the size of Gemma 2 2B, against reading and hashing the file.</summary>
internal static class LoadRow
{
    private const int Layers = 26;
    private const int Width = 2304;

    // One load takes about two milliseconds, too little to be timed by itself.
    private const int Repetitions = 32;

    /// <summary>Gives the time of <see cref="MapSet.Load(string, long)"/> divided by that of the rest; the file holds slopes, intercepts and both bounds of 52 sites.</summary>
    internal static BenchmarkRow Measure(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("steering-load-").FullName;
        try
        {
            var path = Path.Combine(folder, "load.safetensors");
            Create().Save(path);
            Compare();
            return BenchmarkRow.Of("load", Enumerable.Range(0, rounds).Select(_ => Compare()), "≤ 1.5");

            double Compare() => Time(() => MapSet.Load(path)) / Time(() => SHA256.HashData(File.ReadAllBytes(path)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Time(Func<object> work)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Repetitions; i++)
        {
            GC.KeepAlive(work());
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static MapSet Create()
    {
        var random = new Random(1);
        var sites = from layer in Enumerable.Range(0, Layers)
                    from hook in new[] { HookPoint.AttentionPostNorm, HookPoint.FeedForwardPostNorm }
                    select new Site(layer, hook);
        return new MapSet(
            new MapSetMetadata { Concept = "load", Model = new ModelIdentity("gemma2", "load", Width, Layers, "base", "weights") },
            sites.Select(site => KeyValuePair.Create(site, new TransportMap(Values(0.5f, 1), Values(-1, 1), Values(-8, 4), Values(4, 8)))));

        float[] Values(float low, float high) => [.. Enumerable.Range(0, Width).Select(_ => low + ((high - low) * random.NextSingle()))];
    }
}
