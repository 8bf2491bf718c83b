using System.Numerics;

namespace SemanticKernel.Steering;

/// <summary>Checks of the values that make up a map.</summary>
internal static class MapValues
{
    // Maps of one model are all of one width, and share the bounds that bound nothing.
    private static float[][] _everything = [[], []];

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
        var empty = IndexOfGreater(low, high);
        return empty < 0
            ? false
            : throw new ArgumentException($"The support of neuron {empty} is empty: {low[empty]} lies above {high[empty]}.", nameof(low));
    }

    /// <summary>The bounds of an unbounded map. The arrays are shared: nobody may write to them.</summary>
    public static (float[] Low, float[] High) Everything(int width)
    {
        var bounds = _everything;
        if (bounds[0].Length != width)
        {
            _everything = bounds = [Filled(width, float.NegativeInfinity), Filled(width, float.PositiveInfinity)];
        }

        return (bounds[0], bounds[1]);
    }

    public static float[] Filled(int width, float value)
    {
        var values = new float[width];
        Array.Fill(values, value);
        return values;
    }

    /// <summary>The first index at which a value of the left lies above that of the right, or −1. Both are finite and of one length.</summary>
    private static int IndexOfGreater(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var i = 0;
        while (i <= left.Length - Vector<float>.Count && Vector.LessThanOrEqualAll(new Vector<float>(left[i..]), new Vector<float>(right[i..])))
        {
            i += Vector<float>.Count;
        }

        while (i < left.Length && left[i] <= right[i])
        {
            i++;
        }

        return i < left.Length ? i : -1;
    }
}
