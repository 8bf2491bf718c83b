namespace SemanticKernel.Steering;

/// <summary>How well single numbers, chosen on the samples of the fit, tell held-out source and target apart.</summary>
internal static class Separation
{
    /// <summary>The neuron that separates the samples of the fit best, and how well it separates those held out, the same way round.</summary>
    public static (int Neuron, double Auroc) OfBestNeuron(SiteSamples fit, SiteSamples heldOut)
    {
        var fitted = NeuronMeasures.Aurocs(fit);
        var best = 0;
        for (var neuron = 1; neuron < fitted.Length; neuron++)
        {
            best = Math.Abs(fitted[neuron] - 0.5) > Math.Abs(fitted[best] - 0.5) ? neuron : best;
        }

        var auroc = Auroc(heldOut, row => row[best]);
        return (best, fitted[best] >= 0.5 ? auroc : 1 - auroc);
    }

    /// <summary>How well the projection onto the difference of the fit's means separates the held-out samples.</summary>
    public static double AlongMeans(SiteSamples fit, SiteSamples heldOut)
    {
        var source = RowMeans.Of(fit.Source);
        var target = RowMeans.Of(fit.Target);
        return Auroc(heldOut, row =>
        {
            double along = 0;
            for (var i = 0; i < row.Length; i++)
            {
                // From the middle between the means, which keeps the number small and its last bits meaningful.
                along += ((double)target[i] - source[i]) * (row[i] - (((double)target[i] + source[i]) / 2));
            }

            return (float)Math.Clamp(along, float.MinValue, float.MaxValue);
        });
    }

    private delegate float Score(ReadOnlySpan<float> row);

    private static double Auroc(SiteSamples samples, Score score)
    {
        var tiles = new TilePair(Scored(samples.Source, score), Scored(samples.Target, score));
        tiles.Load(0, 1);
        return 1 - tiles.Auroc(0);
    }

    private static ActivationSamples Scored(ActivationSamples samples, Score score)
    {
        var scores = new float[samples.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = score(samples.Row(i));
        }

        return new ActivationSamples(samples.Count, 1, scores, tokens: null, samples.Weights);
    }
}
