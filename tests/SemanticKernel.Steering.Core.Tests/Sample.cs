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

    public static ActivationSamples Rows(params float[][] rows) => new(rows.Length, rows[0].Length, rows.SelectMany(row => row).ToArray());

    public static ActivationSamples Weighted(this ActivationSamples samples, params double[] weights) =>
        new(samples.Count, samples.Width, samples.Values(), samples.Tokens, weights);

    /// <summary>Changes every value.</summary>
    public static ActivationSamples Select(this ActivationSamples samples, Func<float, float> change) =>
        new(samples.Count, samples.Width, samples.Values().Select(change).ToArray(), samples.Tokens, samples.Weights);

    /// <summary>The samples, with their weights, in another order.</summary>
    public static ActivationSamples Shuffled(this ActivationSamples samples, int seed)
    {
        var order = Enumerable.Range(0, samples.Count).ToArray();
        new Random(seed).Shuffle(order);
        return samples.Subset(order, samples.Tokens);
    }

    public static float[] Values(this ActivationSamples samples) =>
        Enumerable.Range(0, samples.Count).SelectMany(i => samples.Row(i).ToArray()).ToArray();

    public static float[] Column(this ActivationSamples samples, int neuron) =>
        Enumerable.Range(0, samples.Count).Select(i => samples.Row(i)[neuron]).ToArray();

    public static double[] RandomWeights(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => 0.1 + random.NextDouble()).ToArray();
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
