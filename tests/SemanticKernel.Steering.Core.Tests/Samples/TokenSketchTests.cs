namespace SemanticKernel.Steering.Tests;

public sealed class TokenSketchTests
{
    [Fact]
    public void Quantile_FewerRowsThanCapacity_IsExact()
    {
        var sketch = new TokenSketch(2);
        for (var i = 0; i < 5; i++)
        {
            sketch.Add([i, -10f * i]);
        }

        Assert.Equal(5, sketch.Count);
        Assert.Equal(0f, sketch.Quantile(0, 0));
        Assert.Equal(1f, sketch.Quantile(0, 25));
        Assert.Equal(2.5f, sketch.Quantile(0, 62.5));
        Assert.Equal(-40f, sketch.Quantile(1, 0));
        var all = new float[2];
        sketch.Quantiles(50, all);
        Assert.Equal([2f, -20f], all);
    }

    [Fact]
    public void Quantile_ManyMoreRowsThanCapacity_StaysWithinTheStatedRankError()
    {
        const int Rows = 60_000;
        var sketch = new TokenSketch(3, seed: 7);
        var values = new float[3][].Select(_ => new float[Rows]).ToArray();
        var random = new Random(1);
        for (var i = 0; i < Rows; i++)
        {
            // A trend over time, a heavy tail and plain noise: a sample that favoured early or late rows would show in the first.
            float[] row = [i, (float)Math.Exp(4 * random.NextDouble()), random.NextSingle()];
            sketch.Add(row);
            for (var neuron = 0; neuron < 3; neuron++)
            {
                values[neuron][i] = row[neuron];
            }
        }

        var error = Math.Sqrt(Math.Log(2 / 0.001) / (2 * sketch.Capacity));
        for (var neuron = 0; neuron < 3; neuron++)
        {
            foreach (var percent in new double[] { 0.5, 1, 5, 25, 50, 75, 95, 99, 99.5 })
            {
                var quantile = sketch.Quantile(neuron, percent);
                var share = values[neuron].Count(value => value <= quantile) / (double)Rows;
                Assert.InRange(share, (percent / 100) - error, (percent / 100) + error);
            }

            Assert.Equal(values[neuron].Min(), sketch.Quantile(neuron, 0));
            Assert.Equal(values[neuron].Max(), sketch.Quantile(neuron, 100));
        }
    }

    [Fact]
    public void Add_SameRowsAndSeed_GivesTheSameQuantiles()
    {
        Assert.Equal(Median(3), Median(3));
        Assert.NotEqual(Median(3), Median(4));

        static float Median(int seed)
        {
            var sketch = new TokenSketch(1, capacity: 16, seed);
            for (var i = 0; i < 1000; i++)
            {
                sketch.Add([i]);
            }

            return sketch.Quantile(0, 50);
        }
    }

    [Fact]
    public void Add_AfterWarmUp_AllocatesNothing()
    {
        var sketch = new TokenSketch(33, capacity: 8);
        var row = new float[33];
        for (var i = 0; i < 100; i++)
        {
            sketch.Add(row);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            sketch.Add(row);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Add_NonFiniteValue_AddsNothing()
    {
        var sketch = new TokenSketch(2);
        var error = Assert.Throws<ArgumentException>(() => sketch.Add([1, float.NaN]));
        Assert.Contains("neuron 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, sketch.Count);
        Assert.Equal(float.PositiveInfinity, sketch.Min[0]);
    }

    [Fact]
    public void Methods_WrongArguments_Throw()
    {
        var sketch = new TokenSketch(2);
        Assert.Throws<InvalidOperationException>(() => sketch.Quantile(0, 50));
        sketch.Add([1, 2]);
        Assert.Throws<ArgumentException>(() => sketch.Add([1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Quantile(2, 50));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Quantile(0, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Quantile(0, 100.1));
        Assert.Throws<ArgumentException>(() => sketch.Quantiles(50, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSketch(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSketch(1, capacity: 1));
    }
}
