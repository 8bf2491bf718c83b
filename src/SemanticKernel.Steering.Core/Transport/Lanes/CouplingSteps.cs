namespace SemanticKernel.Steering;

/// <summary>The steps of a monotone coupling: which mass goes from which sample to which, in ascending order (the north-west corner rule on sorted samples).</summary>
/// <remarks>
/// Every source sample carries the mass 1/n and every target sample 1/m, or their shares. Without shares, masses are counted in units of
/// 1/(n·m): they are whole numbers, and none is lost to rounding.
/// </remarks>
internal sealed class CouplingSteps(int sourceCount, int targetCount)
{
    private readonly int[] _source = new int[sourceCount + targetCount - 1];
    private readonly int[] _target = new int[sourceCount + targetCount - 1];
    private readonly double[] _mass = new double[sourceCount + targetCount - 1];

    /// <summary>The largest number of steps that there can be; those that are saved move no mass.</summary>
    public int Length => _mass.Length;

    /// <summary>The sum of all masses.</summary>
    public double Total { get; private set; }

    /// <summary>The rank of the source sample of each step.</summary>
    public ReadOnlySpan<int> Source => _source;

    /// <summary>The rank of the target sample of each step.</summary>
    public ReadOnlySpan<int> Target => _target;

    /// <summary>The mass of each step.</summary>
    public ReadOnlySpan<double> Mass => _mass;

    /// <summary>Lists the steps.</summary>
    /// <param name="sourceShares">The share of each source sample in ascending order of the samples; empty where all count alike.</param>
    /// <param name="targetShares">The share of each target sample in ascending order of the samples; empty where all count alike.</param>
    public void Walk(ReadOnlySpan<double> sourceShares = default, ReadOnlySpan<double> targetShares = default)
    {
        var isWeighted = !sourceShares.IsEmpty || !targetShares.IsEmpty;
        Total = isWeighted ? 1 : (double)sourceCount * targetCount;
        var sourceUnit = isWeighted ? 1.0 / sourceCount : targetCount;
        var targetUnit = isWeighted ? 1.0 / targetCount : sourceCount;
        int i = 0, j = 0, step = 0;
        var moved = 0.0;
        var leaving = sourceShares.IsEmpty ? sourceUnit : sourceShares[0];
        var arriving = targetShares.IsEmpty ? targetUnit : targetShares[0];

        // Sums of shares may miss 1 by a rounding; then the smaller one ends the walk.
        while (i < sourceCount && j < targetCount)
        {
            var reach = Math.Min(leaving, arriving);
            (_source[step], _target[step], _mass[step++]) = (i, j, reach - moved);
            moved = reach;
            if (leaving <= reach && ++i < sourceCount)
            {
                leaving += sourceShares.IsEmpty ? sourceUnit : sourceShares[i];
            }

            if (arriving <= reach && ++j < targetCount)
            {
                arriving += targetShares.IsEmpty ? targetUnit : targetShares[j];
            }
        }

        Array.Clear(_source, step, Length - step);
        Array.Clear(_target, step, Length - step);
        Array.Clear(_mass, step, Length - step);
    }
}
