namespace SemanticKernel.Steering;

/// <summary>Mean and deviation of one neuron's samples, in double precision.</summary>
internal readonly struct SampleMoments
{
    /// <summary>Takes the moments. Ascending input makes them independent of the order in which the samples came.</summary>
    public SampleMoments(ReadOnlySpan<float> sorted)
    {
        double sum = 0;
        foreach (var value in sorted)
        {
            sum += value;
        }

        Mean = sum / sorted.Length;
        double squares = 0;
        foreach (var value in sorted)
        {
            squares += (value - Mean) * (value - Mean);
        }

        // One sample has no deviation: 0 / 0 gives the NaN that every threshold below refuses.
        Deviation = Math.Sqrt(squares / (sorted.Length - 1));
    }

    public double Mean { get; }

    /// <summary>The unbiased deviation, with n − 1; NaN for a single sample.</summary>
    public double Deviation { get; }

    /// <summary>Whether the deviation is large enough, against the mean's magnitude, for a slope to mean anything.</summary>
    public bool Varies => Deviation > Math.Max(1e-6, 1e-4 * Math.Abs(Mean));
}
