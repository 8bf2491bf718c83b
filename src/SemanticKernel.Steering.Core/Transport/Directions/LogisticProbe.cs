using System.Numerics.Tensors;

namespace SemanticKernel.Steering;

/// <summary>A logistic regression that tells target from source by the whole state.</summary>
/// <remarks>
/// Minimises the mean logistic loss, both sets weighing alike, plus half the ridge times the squared weights, over states centred between
/// the means and scaled to a mean square length of 1. Deterministic: accelerated gradient descent from zero with a fixed number of steps.
/// </remarks>
internal static class LogisticProbe
{
    private const int Steps = 400;
    private const float Ridge = 0.01f;

    // The loss curves by at most a quarter of the mean square of (state, 1), which is 2.
    private const float StepSize = 1 / (0.5f + Ridge);

    /// <summary>The weights, which point from source to target; their length means nothing.</summary>
    public static float[] Direction(ActivationSamples source, ActivationSamples target)
    {
        var rows = Centred(source, target);
        var weights = new float[source.Width];
        var ahead = new float[source.Width];
        var gradient = new float[source.Width];
        float bias = 0, biasAhead = 0;
        for (var step = 1; step <= Steps; step++)
        {
            TensorPrimitives.Multiply(ahead, Ridge, gradient);
            float biasGradient = 0;
            for (var i = 0; i < rows.Length; i++)
            {
                var score = TensorPrimitives.Dot<float>(rows[i], ahead) + biasAhead;
                var pull = i < source.Count
                    ? 0.5f / source.Count / (1 + MathF.Exp(-score))
                    : -0.5f / target.Count / (1 + MathF.Exp(score));
                TensorPrimitives.MultiplyAdd(rows[i], pull, gradient, gradient);
                biasGradient += pull;
            }

            var momentum = (step - 1f) / (step + 2f);
            for (var i = 0; i < weights.Length; i++)
            {
                var next = ahead[i] - (StepSize * gradient[i]);
                ahead[i] = next + (momentum * (next - weights[i]));
                weights[i] = next;
            }

            var nextBias = biasAhead - (StepSize * biasGradient);
            biasAhead = nextBias + (momentum * (nextBias - bias));
            bias = nextBias;
        }

        return weights;
    }

    private static float[][] Centred(ActivationSamples source, ActivationSamples target)
    {
        var centre = RowMeans.Of(source);
        var other = RowMeans.Of(target);
        for (var i = 0; i < centre.Length; i++)
        {
            centre[i] = (centre[i] / 2) + (other[i] / 2);
        }

        var rows = new float[source.Count + target.Count][];
        double square = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new float[source.Width];
            TensorPrimitives.Subtract(i < source.Count ? source.Row(i) : target.Row(i - source.Count), centre, rows[i]);
            var norm = SteeringVector.Norm(rows[i]);
            square += 0.5 * norm * norm / (i < source.Count ? source.Count : target.Count);
        }

        return Array.ConvertAll(rows, row => SteeringVector.Scaled(row, 1 / Math.Sqrt(square)));
    }
}
