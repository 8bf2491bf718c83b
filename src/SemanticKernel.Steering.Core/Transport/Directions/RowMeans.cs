namespace SemanticKernel.Steering;

/// <summary>The mean row of samples, weighted where they are.</summary>
internal static class RowMeans
{
    /// <summary>One mean per neuron, summed in double precision.</summary>
    public static float[] Of(ActivationSamples samples)
    {
        var sums = new double[samples.Width];
        for (var i = 0; i < samples.Count; i++)
        {
            var row = samples.Row(i);
            var mass = samples.MassOf(i);
            for (var neuron = 0; neuron < row.Length; neuron++)
            {
                sums[neuron] += mass * row[neuron];
            }
        }

        return Array.ConvertAll(sums, sum => (float)(sum / samples.EffectiveCount));
    }
}
