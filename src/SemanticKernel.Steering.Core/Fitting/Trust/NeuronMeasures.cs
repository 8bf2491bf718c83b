namespace SemanticKernel.Steering;

/// <summary>Measures every neuron of a site by itself.</summary>
internal static class NeuronMeasures
{
    /// <summary>The Wasserstein-1 distance between both sets, exact for any counts and weights.</summary>
    public static double[] Distances(SiteSamples samples)
    {
        var distances = new double[samples.Width];
        ForEachTile(samples, (first, neurons, tiles) =>
        {
            Span<double> lanes = stackalloc double[SampleTile.Lanes];
            tiles.Coupling.Distances(lanes);
            lanes[..neurons].CopyTo(distances.AsSpan(first));
        });
        return distances;
    }

    /// <summary>The chance that a target value lies above a source value, ties counting half.</summary>
    public static double[] Aurocs(SiteSamples samples)
    {
        var aurocs = new double[samples.Width];
        ForEachTile(samples, (first, neurons, tiles) =>
        {
            for (var lane = 0; lane < neurons; lane++)
            {
                aurocs[first + lane] = 1 - tiles.Auroc(lane);
            }
        });
        return aurocs;
    }

    /// <summary>The samples as a map leaves them at strength 1.</summary>
    /// <exception cref="NotFiniteNumberException">The map makes a value NaN or infinite.</exception>
    public static ActivationSamples Moved(ActivationSamples samples, SiteMap map)
    {
        var rows = new float[samples.Count * samples.Width];
        for (var i = 0; i < samples.Count; i++)
        {
            var row = rows.AsSpan(i * samples.Width, samples.Width);
            samples.Row(i).CopyTo(row);
            map.Apply(row, 1);
        }

        return new ActivationSamples(samples.Count, samples.Width, rows, tokens: null, samples.Weights);
    }

    private static void ForEachTile(SiteSamples samples, Action<int, int, TilePair> measure) => TileLoop.Run(
        samples.Width,
        samples.Source.Count + samples.Target.Count,
        () => new TilePair(samples.Source, samples.Target),
        (first, neurons, tiles) =>
        {
            tiles.Load(first, neurons);
            measure(first, neurons, tiles);
        });
}
