using System.Numerics.Tensors;

namespace SemanticKernel.Steering;

/// <summary>A logistic regression that tells target from source by the whole state.</summary>
/// <remarks>
/// Minimises the mean logistic loss, both sets weighing alike and the samples of each by their weights, plus half the ridge times the squared weights, over states centred between
/// the means and scaled to a mean square length of 1. Deterministic: accelerated gradient descent from zero with a fixed number of steps.
/// </remarks>
internal static class LogisticProbe
{
    private const int Steps = 400;
    private const float Ridge = 0.01f;

    // The loss curves by at most a quarter of the mean square of (state, 1), which is 2.
    private const float StepSize = 1 / (0.5f + Ridge);

    /// <summary>The weights, which point from source to target; their length means nothing. Takes the memory of both sets once more.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static float[] Direction(ActivationSamples source, ActivationSamples target, CancellationToken cancellationToken)
    {
        var masses = Masses(source, target);
        var rows = Centred(source, target, masses);
        var weights = new float[source.Width];
        var ahead = new float[source.Width];
        var gradient = new float[source.Width];
        float bias = 0, biasAhead = 0;
        for (var step = 1; step <= Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TensorPrimitives.Multiply(ahead, Ridge, gradient);
            float biasGradient = 0;
            for (var i = 0; i < rows.Length; i++)
            {
                var score = TensorPrimitives.Dot<float>(rows[i], ahead) + biasAhead;
                var pull = i < source.Count ? masses[i] / (1 + MathF.Exp(-score)) : -masses[i] / (1 + MathF.Exp(score));
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

    /// <summary>How much each row counts: half for all of the source, half for all of the target.</summary>
    private static float[] Masses(ActivationSamples source, ActivationSamples target) =>
    [
        .. Enumerable.Range(0, source.Count).Select(i => Half(source, i)),
        .. Enumerable.Range(0, target.Count).Select(i => Half(target, i)),
    ];

    private static float Half(ActivationSamples samples, int sample) =>
        samples.Weighting is null ? 0.5f / samples.Count : (float)(0.5 * samples.Weighting.Shares[sample]);

    private static float[][] Centred(ActivationSamples source, ActivationSamples target, float[] masses)
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
            square += masses[i] * norm * norm;
        }

        foreach (var row in rows)
        {
            SteeringVector.Scale(row, 1 / Math.Sqrt(square));
        }

        return rows;
    }
}
