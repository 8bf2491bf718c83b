namespace SemanticKernel.Steering;

/// <summary>Walks over all tiles of a site, on several cores when it pays. What is computed depends on no tile but its own.</summary>
internal static class TileLoop
{
    // Below this many values one core is done before others have started.
    private const long ParallelThreshold = 1 << 18;

    /// <summary>Runs a step for every tile.</summary>
    /// <param name="width">The number of neurons.</param>
    /// <param name="samples">How many values each neuron has.</param>
    /// <param name="newScratch">Makes the scratch space of one worker.</param>
    /// <param name="step">Gets the first neuron of a tile, the number of its neurons, and the scratch space.</param>
    public static void Run<TScratch>(int width, int samples, Func<TScratch> newScratch, Action<int, int, TScratch> step)
    {
        var tiles = (width + SampleTile.Lanes - 1) / SampleTile.Lanes;
        if ((long)width * samples >= ParallelThreshold)
        {
            Parallel.For(0, tiles, newScratch, (tile, _, scratch) => Step(tile, scratch), _ => { });
            return;
        }

        var own = newScratch();
        for (var tile = 0; tile < tiles; tile++)
        {
            Step(tile, own);
        }

        TScratch Step(int tile, TScratch scratch)
        {
            var first = tile * SampleTile.Lanes;
            step(first, Math.Min(SampleTile.Lanes, width - first), scratch);
            return scratch;
        }
    }
}
