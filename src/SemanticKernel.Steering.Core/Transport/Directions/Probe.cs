using System.Numerics.Tensors;

namespace SemanticKernel.Steering;

/// <summary>Turns a probe's direction into a shift (inference-time intervention, arXiv 2306.03341, section 3.2): one deviation along it.</summary>
internal static class Probe
{
    /// <summary>The unit direction times the deviation, with n, of all samples of both sets along it.</summary>
    public static float[] Shift(ActivationSamples source, ActivationSamples target, ReadOnlySpan<float> direction)
    {
        var unit = SteeringVector.Unit(direction);
        return SteeringVector.Scaled(unit, Deviation(source, target, unit));
    }

    private static double Deviation(ActivationSamples source, ActivationSamples target, float[] unit)
    {
        var along = new (double Value, double Mass)[source.Count + target.Count];
        for (var i = 0; i < along.Length; i++)
        {
            var (samples, sample) = i < source.Count ? (source, i) : (target, i - source.Count);
            along[i] = (TensorPrimitives.Dot(samples.Row(sample), unit), samples.MassOf(sample));
        }

        // Sorted, so that the order of the samples does not matter.
        Array.Sort(along);
        var total = along.Sum(sample => sample.Mass);
        var mean = along.Sum(sample => sample.Mass * sample.Value) / total;
        return Math.Sqrt(along.Sum(sample => sample.Mass * (sample.Value - mean) * (sample.Value - mean)) / total);
    }
}
