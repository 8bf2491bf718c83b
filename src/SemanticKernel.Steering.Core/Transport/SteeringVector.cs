namespace SemanticKernel.Steering;

/// <summary>Checks and scales the single vectors that act on whole states.</summary>
internal static class SteeringVector
{
    /// <summary>Copies a vector once it is known to be finite and not empty.</summary>
    /// <exception cref="ArgumentException">It is empty, or a value is NaN or infinite.</exception>
    public static float[] Copy(ReadOnlySpan<float> values, string parameter)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("A vector needs at least one value.", parameter);
        }

        MapValues.CheckFinite(values, parameter);
        return values.ToArray();
    }

    /// <summary>The L2 norm, in double precision, which no finite vector overflows.</summary>
    public static double Norm(ReadOnlySpan<float> values)
    {
        double squares = 0;
        foreach (var value in values)
        {
            squares += (double)value * value;
        }

        return Math.Sqrt(squares);
    }

    /// <summary>The vector of length 1 in the same direction; zeros throughout for zeros throughout.</summary>
    public static float[] Unit(ReadOnlySpan<float> values)
    {
        var norm = Norm(values);
        return norm > 0 ? Scaled(values, 1 / norm) : new float[values.Length];
    }

    public static float[] Scaled(ReadOnlySpan<float> values, double factor)
    {
        var scaled = new float[values.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = (float)(values[i] * factor);
        }

        return scaled;
    }

    /// <summary>Scales a vector in place, to the same values as <see cref="Scaled"/>.</summary>
    public static void Scale(Span<float> values, double factor)
    {
        foreach (ref var value in values)
        {
            value = (float)(value * factor);
        }
    }

    /// <summary>Scales for a plan; fails where a strength is too large.</summary>
    /// <exception cref="SteeringPolicyException">A value does not fit.</exception>
    public static float[] Compiled(ReadOnlySpan<float> values, double factor, Site site)
    {
        var scaled = Scaled(values, factor);
        var bad = Finite.IndexOfNonFinite(scaled);
        return bad < 0 ? scaled : throw new SteeringPolicyException($"The strengths asked for are too large: neuron {bad} of {site} overflows.");
    }
}
