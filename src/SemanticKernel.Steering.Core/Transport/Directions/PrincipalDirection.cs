using System.Numerics.Tensors;

namespace SemanticKernel.Steering;

/// <summary>The first principal component of the differences between two sets (arXiv 2310.01405, section 3.1).</summary>
/// <remarks>
/// The differences are not centred, which is the same as taking each of them both ways round: where all texts differ alike, that difference
/// is the component, whereas centring would leave only noise. For pairs it is the component of repeng's <c>pca_center</c>; the PCA of its
/// <c>pca_diff</c> takes the mean difference out first.
/// </remarks>
internal static class PrincipalDirection
{
    private const int MaxIterations = 500;
    private const float Tolerance = 1e-6f;

    /// <summary>The component, its sign by majority, as long as the means lie apart along it. Takes the memory of both sets once more.</summary>
    /// <param name="source">The source samples.</param>
    /// <param name="target">The target samples.</param>
    /// <param name="meanShift">The difference of their means.</param>
    /// <param name="paired">Whether equally numbered samples belong together.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static float[] Shift(ActivationSamples source, ActivationSamples target, ReadOnlySpan<float> meanShift, bool paired, CancellationToken cancellationToken)
    {
        var differences = paired ? Pairs(source, target) : ToMeans(source, target);
        var masses = paired ? PairMasses(source, target) : Masses(source, target);
        var component = First(differences, masses, source.Width, cancellationToken);
        var apart = TensorPrimitives.Dot(component, meanShift);
        var votes = differences.Zip(masses, (row, mass) => mass * Math.Sign(Finite(TensorPrimitives.Dot<float>(row, component)))).Sum();
        var sign = votes != 0 ? Math.Sign(votes) : Math.Sign(Finite(apart));
        return SteeringVector.Scaled(component, sign * Math.Abs(apart));
    }

    private static float Finite(float value) =>
        float.IsFinite(value) ? value : throw new SteeringFitException("The samples are too far apart to find a direction between them.");

    private static float[][] Pairs(ActivationSamples source, ActivationSamples target) =>
        [.. Enumerable.Range(0, source.Count).Select(i => Difference(target.Row(i), source.Row(i)))];

    private static float[][] ToMeans(ActivationSamples source, ActivationSamples target)
    {
        var sourceMean = RowMeans.Of(source);
        var targetMean = RowMeans.Of(target);
        return
        [
            .. Enumerable.Range(0, source.Count).Select(i => Difference(targetMean, source.Row(i))),
            .. Enumerable.Range(0, target.Count).Select(i => Difference(target.Row(i), sourceMean)),
        ];
    }

    /// <summary>A pair counts as much as the geometric mean of its two samples.</summary>
    private static double[] PairMasses(ActivationSamples source, ActivationSamples target) =>
        [.. Enumerable.Range(0, source.Count).Select(i => Math.Sqrt(source.MassOf(i) * target.MassOf(i)))];

    private static double[] Masses(ActivationSamples source, ActivationSamples target) =>
        [.. Enumerable.Range(0, source.Count).Select(source.MassOf), .. Enumerable.Range(0, target.Count).Select(target.MassOf)];

    private static float[] Difference(ReadOnlySpan<float> to, ReadOnlySpan<float> from)
    {
        var difference = new float[to.Length];
        TensorPrimitives.Subtract(to, from, difference);
        return difference;
    }

    /// <summary>Power iteration on the second moments, from a fixed start, without forming their matrix. Scales the rows.</summary>
    private static float[] First(float[][] rows, double[] masses, int width, CancellationToken cancellationToken)
    {
        // To a largest value of 1, so that squares neither overflow nor vanish.
        var largest = rows.Max(row => Math.Abs(TensorPrimitives.MaxMagnitude<float>(row)));
        if (!(largest > 0))
        {
            return new float[width];
        }

        foreach (var row in rows)
        {
            SteeringVector.Scale(row, 1.0 / largest);
        }

        var random = new Random(0);
        var current = SteeringVector.Unit(Enumerable.Range(0, width).Select(_ => random.NextSingle() - 0.5f).ToArray());
        for (var i = 0; i < MaxIterations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = new float[width];
            for (var row = 0; row < rows.Length; row++)
            {
                TensorPrimitives.MultiplyAdd(rows[row], TensorPrimitives.Dot<float>(rows[row], current) * (float)masses[row], next, next);
            }

            next = SteeringVector.Unit(next);
            var moved = TensorPrimitives.Distance<float>(next, current);
            current = next;
            if (!(moved > Tolerance))
            {
                break;
            }
        }

        return current;
    }
}
