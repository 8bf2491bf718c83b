namespace SemanticKernel.Steering;

/// <summary>How well one neuron's value tells source from target: the area under the ROC curve.</summary>
internal static class Auroc
{
    /// <summary>The chance that a source value lies above a target value, ties counting half; exact up to one rounding.</summary>
    public static double Of(ReadOnlySpan<float> sortedSource, ReadOnlySpan<float> sortedTarget)
    {
        // Twice the number of won pairs, so that ties stay whole numbers.
        long twice = 0;
        int below = 0, notAbove = 0;
        foreach (var value in sortedSource)
        {
            while (below < sortedTarget.Length && sortedTarget[below] < value)
            {
                below++;
            }

            while (notAbove < sortedTarget.Length && sortedTarget[notAbove] <= value)
            {
                notAbove++;
            }

            twice += below + notAbove;
        }

        return twice / (2.0 * sortedSource.Length * sortedTarget.Length);
    }
}
