namespace SemanticKernel.Steering.Tests;

public sealed class ActivationSamplesTests
{
    [Fact]
    public void Row_ValidSamples_GivesTheRow()
    {
        var samples = new ActivationSamples(2, 3, new float[] { 1, 2, 3, 4, 5, 6 });
        Assert.Equal([4f, 5f, 6f], samples.Row(1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Row(2).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => samples.Row(-1).ToArray());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Ctor_NonFiniteValue_NamesRowAndNeuron(float value)
    {
        var values = new float[40 * 23];
        values[(17 * 23) + 5] = value;
        var error = Assert.Throws<ArgumentException>(() => new ActivationSamples(40, 23, values));
        Assert.Contains("Sample 17", error.Message, StringComparison.Ordinal);
        Assert.Contains("neuron 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctor_WrongDimensions_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationSamples(0, 1, Array.Empty<float>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationSamples(1, 0, Array.Empty<float>()));
        Assert.Throws<ArgumentException>(() => new ActivationSamples(2, 2, new float[3]));
        Assert.Throws<ArgumentException>(() => new ActivationSamples(int.MaxValue, int.MaxValue, new float[1]));
        Assert.Throws<ArgumentException>(() => new ActivationSamples(1, 2, new float[2], new TokenSketch(3)));
    }

    [Fact]
    public void Ctor_Weights_TellTheEffectiveCount()
    {
        // (1 + 1 + 2)² / (1 + 1 + 4) = 16 / 6.
        var samples = Sample.OneNeuron(1, 2, 3).Weighted(1, 1, 2);
        Approx.Equal(16.0 / 6, samples.EffectiveCount, 1e-12);
        Assert.Equal([1, 1, 2], samples.Weights.ToArray());
        Approx.Equal(16.0 / 6, Sample.OneNeuron(1, 2, 3).Weighted(1e300, 1e300, 2e300).EffectiveCount, 1e-12);
        Approx.Equal(1, Sample.OneNeuron(1, 2).Weighted(double.Epsilon, double.MaxValue).EffectiveCount, 1e-12);
    }

    [Fact]
    public void Ctor_EqualWeights_AreNone()
    {
        var samples = Sample.OneNeuron(1, 2, 3).Weighted(0.3, 0.3, 0.3);
        Assert.True(samples.Weights.IsEmpty);
        Assert.Equal(3, samples.EffectiveCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Ctor_UnusableWeight_NamesItsSample(double weight)
    {
        var error = Assert.Throws<ArgumentException>(() => Sample.OneNeuron(1, 2).Weighted(1, weight));
        Assert.Contains("sample 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Sample.OneNeuron(1, 2).Weighted(1));
    }

    [Fact]
    public void Subset_SomeSamples_KeepsRowsAndWeights()
    {
        var subset = Sample.Rows([1, 2], [3, 4], [5, 6]).Weighted(1, 2, 3).Subset([2, 0]);
        Assert.Equal([5f, 6, 1, 2], subset.Values());
        Assert.Equal([3, 1], subset.Weights.ToArray());
        Assert.True(Sample.Rows([1, 2], [3, 4], [5, 6]).Subset([1]).Weights.IsEmpty);
    }
}
