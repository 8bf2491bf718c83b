namespace SemanticKernel.Steering;

/// <summary>How well one number per sample tells source from target: the area under the ROC curve.</summary>
internal static class Auroc
{
    /// <summary>The chance that a source value lies above a target value, ties counting half; without weights exact up to one rounding.</summary>
    /// <param name="sortedSource">The source values, ascending.</param>
    /// <param name="sortedTarget">The target values, ascending.</param>
    /// <param name="sourceShares">The share of each source value; empty where all count alike.</param>
    /// <param name="targetShares">The share of each target value; empty where all count alike.</param>
    public static double Of(
        ReadOnlySpan<double> sortedSource, ReadOnlySpan<double> sortedTarget, ReadOnlySpan<double> sourceShares = default, ReadOnlySpan<double> targetShares = default)
    {
        // Twice the mass of won pairs, so that ties stay whole numbers where all count alike.
        double twice = 0, below = 0, notAbove = 0;
        int nextBelow = 0, nextNotAbove = 0;
        for (var i = 0; i < sortedSource.Length; i++)
        {
            for (; nextBelow < sortedTarget.Length && sortedTarget[nextBelow] < sortedSource[i]; nextBelow++)
            {
                below += Mass(targetShares, nextBelow);
            }

            for (; nextNotAbove < sortedTarget.Length && sortedTarget[nextNotAbove] <= sortedSource[i]; nextNotAbove++)
            {
                notAbove += Mass(targetShares, nextNotAbove);
            }

            twice += Mass(sourceShares, i) * (below + notAbove);
        }

        // Shares sum to 1 but for rounding, which must not lead out of the range.
        return Math.Min(1, twice / (2.0 * Total(sourceShares, sortedSource) * Total(targetShares, sortedTarget)));
    }

    private static double Mass(ReadOnlySpan<double> shares, int index) => shares.IsEmpty ? 1 : shares[index];

    private static double Total(ReadOnlySpan<double> shares, ReadOnlySpan<double> values) => shares.IsEmpty ? values.Length : 1;
}
