using System.Numerics;

namespace SemanticKernel.Steering;

/// <summary>Looks for NaN and infinities in hidden states.</summary>
internal static class Finite
{
    /// <summary>Gives the index of the first value that is NaN or infinite, or −1.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        var start = 0;
        var limit = new Vector<float>(float.MaxValue);
        while (start <= values.Length - Vector<float>.Count
            && Vector.LessThanOrEqualAll(Vector.Abs(new Vector<float>(values[start..])), limit))
        {
            start += Vector<float>.Count;
        }

        for (var i = start; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
