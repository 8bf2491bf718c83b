namespace SemanticKernel.Steering;

/// <summary>How much each sample of a set counts, as shares that sum to 1.</summary>
/// <remarks>Immutable. Sums run in ascending order, so that the order of the samples does not matter.</remarks>
internal sealed class SampleWeights
{
    private readonly double[] _given;
    private readonly double[] _shares;
    private readonly double[] _ascending;
    private readonly int[] _ranks;

    private SampleWeights(double[] given, double[] shares)
    {
        (_given, _shares) = (given, shares);
        var order = Enumerable.Range(0, shares.Length).ToArray();
        Array.Sort((double[])shares.Clone(), order);
        _ascending = Array.ConvertAll(order, index => shares[index]);
        _ranks = new int[shares.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            _ranks[order[rank]] = rank;
        }

        double squares = 0, freedom = 0;
        foreach (var share in _ascending)
        {
            squares += share * share;
            freedom += share * (1 - share);
        }

        (EffectiveCount, Freedom) = (1 / squares, freedom);
    }

    /// <summary>The weights as they were given.</summary>
    public ReadOnlySpan<double> Given => _given;

    /// <summary>The share of each sample.</summary>
    public ReadOnlySpan<double> Shares => _shares;

    /// <summary>The shares in ascending order.</summary>
    public ReadOnlySpan<double> Ascending => _ascending;

    /// <summary>Where the share of each sample stands in <see cref="Ascending"/>.</summary>
    public ReadOnlySpan<int> Ranks => _ranks;

    /// <summary>How many equally weighted samples would tell as much: 1 / Σp² (Kish 1965, Survey Sampling, section 11.7).</summary>
    public double EffectiveCount { get; }

    /// <summary>Σp·(1 − p): what the weighted mean square must be divided by to be unbiased; (n − 1)/n for equal weights.</summary>
    public double Freedom { get; }

    /// <summary>Reads weights; null where all weigh alike, so that equal weights are the same as none to the last bit.</summary>
    /// <exception cref="ArgumentException">There are not as many as samples, or one is not positive and finite.</exception>
    public static SampleWeights? From(ReadOnlySpan<double> weights, int count)
    {
        if (weights.IsEmpty)
        {
            return null;
        }

        if (weights.Length != count)
        {
            throw new ArgumentException($"{count} samples need {count} weights or none, not {weights.Length}.", nameof(weights));
        }

        double largest = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > 0 && double.IsFinite(weights[i])))
            {
                throw new ArgumentException($"The weight of sample {i} is {weights[i]}; it must be positive and finite.", nameof(weights));
            }

            largest = Math.Max(largest, weights[i]);
        }

        return weights.ContainsAnyExcept(weights[0]) ? new SampleWeights(weights.ToArray(), Normalized(weights, largest)) : null;
    }

    private static double[] Normalized(ReadOnlySpan<double> weights, double largest)
    {
        // Divided by the largest first: the sum of huge weights would overflow.
        var shares = weights.ToArray();
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= largest;
        }

        var sum = shares.Order().Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }
}
