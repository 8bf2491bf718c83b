namespace SemanticKernel.Steering.Tests;

/// <summary>Short ways to samples and fits.</summary>
internal static class Sample
{
    public static ActivationSamples OneNeuron(params float[] values) => new(values.Length, 1, values);

    public static ActivationSamples Random(int count, int width, int seed, float scale = 1, float shift = 0)
    {
        var random = new Random(seed);
        var values = new float[count * width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((random.NextDouble() - 0.5) * scale) + shift;
        }

        return new ActivationSamples(count, width, values);
    }

    public static TransportMap Fit(float[] source, float[] target, FitOptions? options = null) =>
        TransportMap.Fit(OneNeuron(source), OneNeuron(target), options ?? new FitOptions());

    public static float ApplyOne(this TransportMap map, float value, float strength = 1)
    {
        float[] row = [value];
        map.Apply(row, strength);
        return row[0];
    }
}
