namespace SemanticKernel.Steering;

/// <summary>Checks of the values that make up a map.</summary>
internal static class MapValues
{
    public static void CheckFinite(ReadOnlySpan<float> values, string parameter)
    {
        var bad = Finite.IndexOfNonFinite(values);
        if (bad >= 0)
        {
            throw new ArgumentException($"The {parameter} of neuron {bad} is {values[bad]}; it must be finite.", parameter);
        }
    }

    /// <summary>Checks the bounds and tells whether they mean "unbounded".</summary>
    public static bool CheckSupport(ReadOnlySpan<float> low, ReadOnlySpan<float> high, int width)
    {
        if (low.IsEmpty && high.IsEmpty)
        {
            return true;
        }

        if (low.Length != width || high.Length != width)
        {
            throw new ArgumentException($"A bounded map of width {width} needs as many bounds, not {low.Length} lower and {high.Length} upper ones.", nameof(low));
        }

        if (!low.ContainsAnyExcept(float.NegativeInfinity) && !high.ContainsAnyExcept(float.PositiveInfinity))
        {
            return true;
        }

        CheckFinite(low, "lower bound");
        CheckFinite(high, "upper bound");
        for (var i = 0; i < width; i++)
        {
            if (!(low[i] <= high[i]))
            {
                throw new ArgumentException($"The support of neuron {i} is empty: {low[i]} lies above {high[i]}.", nameof(low));
            }
        }

        return false;
    }

    public static float[] Filled(int width, float value)
    {
        var values = new float[width];
        Array.Fill(values, value);
        return values;
    }
}
