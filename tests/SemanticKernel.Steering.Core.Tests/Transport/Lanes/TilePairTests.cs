namespace SemanticKernel.Steering.Tests;

public sealed class TilePairTests
{
    public static TheoryData<int, int, bool, bool> Shapes => new()
    {
        { 1, 1, false, false },
        { 2, 3, false, false },
        { 40, 40, false, false },
        { 256, 256, false, false },
        { 300, 77, false, false },
        { 90, 60, false, false },
        { 30, 30, true, true },
        { 30, 30, true, false },
        { 25, 64, false, true },
        { 2, 90, true, true },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Load_AnyShape_GivesThePlainSolversBitsInEveryLane(int sourceCount, int targetCount, bool weighSource, bool weighTarget)
    {
        const int Width = 37;
        var source = Coarse(sourceCount, Width, seed: 1);
        var target = Coarse(targetCount, Width, seed: 2);
        source = weighSource ? source.Weighted(Sample.RandomWeights(sourceCount, seed: 3)) : source;
        target = weighTarget ? target.Weighted(Sample.RandomWeights(targetCount, seed: 4)) : target;
        var tiles = new TilePair(source, target);
        var slopes = new double[SampleTile.Lanes];
        var distances = new double[SampleTile.Lanes];
        foreach (var first in new[] { 0, 5, 16, 32 })
        {
            var neurons = Math.Min(SampleTile.Lanes, Width - first);
            tiles.Load(first, neurons);
            tiles.Coupling.Slopes(slopes);
            tiles.Coupling.Distances(distances);
            for (var lane = 0; lane < neurons; lane++)
            {
                var (from, to) = (new PlainSolver(source, first + lane), new PlainSolver(target, first + lane));
                AssertBits(from.Mean, tiles.Source.Moments.Mean[lane]);
                AssertBits(from.Deviation, tiles.Source.Moments.Deviation[lane]);
                AssertBits(to.Mean, tiles.Target.Moments.Mean[lane]);
                AssertBits(to.Deviation, tiles.Target.Moments.Deviation[lane]);
                AssertBits(PlainSolver.Slope(from, to), slopes[lane]);
                AssertBits(PlainSolver.Distance(from, to), distances[lane]);
            }
        }
    }

    [Fact]
    public void Column_AnyValues_AreAscendingWithTheirShares()
    {
        var samples = Sample.OneNeuron(3, -0f, float.MinValue, 0f, 3).Weighted(1, 2, 3, 4, 0.5);
        var tile = new SampleTile(samples, samples.Weighting);
        tile.Load(0, 1);
        var values = tile.Column(0, out var shares);
        Assert.Equal([float.MinValue, -0.0, 0.0, 3, 3], values.ToArray());
        Assert.True(double.IsNegative(values[1]));
        Assert.Equal([3 / 10.5, 2 / 10.5, 4 / 10.5, 0.5 / 10.5, 1 / 10.5], shares.ToArray());
    }

    [Fact]
    public void Distances_HandComputedSets_GiveTheMeanWay()
    {
        // 0 and 6 onto 1, 2 and 6: halves on thirds move 1/3·1 + 1/6·2 + 1/6·4 + 1/3·0.
        AssertDistance(4.0 / 3, Sample.OneNeuron(0, 6), Sample.OneNeuron(1, 6, 2));

        // 3/4 at 0, 1/4 at 8 onto halves at 0 and 8: a quarter moves 8.
        AssertDistance(2, Sample.OneNeuron(0, 8).Weighted(3, 1), Sample.OneNeuron(8, 0));
        AssertDistance(0, Sample.OneNeuron(0, 8).Weighted(3, 1), Sample.OneNeuron(0, 8, 0, 0));
        AssertDistance(5, Sample.OneNeuron(1), Sample.OneNeuron(-4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Auroc_AnySets_CountsPairs(bool weighted)
    {
        var source = Coarse(40, 1, seed: 5);
        var target = Coarse(23, 1, seed: 6);
        source = weighted ? source.Weighted(Sample.RandomWeights(40, seed: 7)) : source;
        target = weighted ? target.Weighted(Sample.RandomWeights(23, seed: 8)) : target;
        double won = 0, all = 0;
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < 23; j++)
            {
                var mass = source.MassOf(i) * target.MassOf(j);
                won += mass * (1 + Math.Sign(source.Row(i)[0] - target.Row(j)[0])) / 2;
                all += mass;
            }
        }

        var tiles = new TilePair(source, target);
        tiles.Load(0, 1);
        Approx.Equal(won / all, tiles.Auroc(0), 1e-12);
    }

    private static void AssertDistance(double expected, ActivationSamples source, ActivationSamples target)
    {
        var tiles = new TilePair(source, target);
        tiles.Load(0, 1);
        var distances = new double[SampleTile.Lanes];
        tiles.Coupling.Distances(distances);
        Approx.Equal(expected, distances[0], 1e-12);
    }

    /// <summary>Values with ties, zeros of both signs among them, and a constant neuron.</summary>
    private static ActivationSamples Coarse(int count, int width, int seed)
    {
        var values = Sample.Random(count, width, seed, scale: 4).Values();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i % width == 3 ? 0.1f : i % 3 == 0 ? MathF.Round(values[i]) : values[i];
        }

        return new ActivationSamples(count, width, values);
    }

    private static void AssertBits(double expected, double actual) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
}
