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
}
