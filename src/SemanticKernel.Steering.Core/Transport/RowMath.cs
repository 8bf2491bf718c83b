using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SemanticKernel.Steering;

/// <summary>Vector arithmetic on hidden states.</summary>
/// <remarks>
/// Sums run over a fixed number of lanes, and multiplication and addition stay separate, so that every processor rounds alike. Neither allocates nor throws.
/// </remarks>
internal static class RowMath
{
    private const int Lanes = 8;

    /// <summary>The dot product of two spans of the same length.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref var x = ref MemoryMarshal.GetReference(left);
        ref var y = ref MemoryMarshal.GetReference(right);
        var even = Vector256<float>.Zero;
        var odd = Vector256<float>.Zero;
        var i = 0;
        for (; i <= left.Length - (2 * Lanes); i += 2 * Lanes)
        {
            even += Vector256.LoadUnsafe(ref x, (nuint)i) * Vector256.LoadUnsafe(ref y, (nuint)i);
            odd += Vector256.LoadUnsafe(ref x, (nuint)(i + Lanes)) * Vector256.LoadUnsafe(ref y, (nuint)(i + Lanes));
        }

        var sum = Sum(even + odd);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>The sum of the absolute differences between two spans of the same length.</summary>
    public static float Distance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref var x = ref MemoryMarshal.GetReference(left);
        ref var y = ref MemoryMarshal.GetReference(right);
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            sums += Vector256.Abs(Vector256.LoadUnsafe(ref x, (nuint)i) - Vector256.LoadUnsafe(ref y, (nuint)i));
        }

        var sum = Sum(sums);
        for (; i < left.Length; i++)
        {
            sum += Math.Abs(left[i] - right[i]);
        }

        return sum;
    }

    /// <summary>Adds factor · vector to a row of the same length.</summary>
    /// <returns>Whether every result is finite.</returns>
    public static bool AddScaled(Span<float> row, ReadOnlySpan<float> vector, float factor)
    {
        ref var x = ref MemoryMarshal.GetReference(row);
        ref var v = ref MemoryMarshal.GetReference(vector);
        var limit = Vector256.Create(float.MaxValue);
        var finite = Vector256<float>.AllBitsSet;
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            var y = Vector256.LoadUnsafe(ref x, (nuint)i) + (Vector256.LoadUnsafe(ref v, (nuint)i) * factors);
            finite &= Vector256.LessThanOrEqual(Vector256.Abs(y), limit);
            y.StoreUnsafe(ref x, (nuint)i);
        }

        var allFinite = finite.AsInt32() == Vector256<int>.AllBitsSet;
        for (; i < row.Length; i++)
        {
            row[i] += vector[i] * factor;
            allFinite &= float.IsFinite(row[i]);
        }

        return allFinite;
    }

    /// <summary>Multiplies a row by a factor.</summary>
    /// <returns>Whether every result is finite.</returns>
    public static bool Scale(Span<float> row, float factor)
    {
        ref var x = ref MemoryMarshal.GetReference(row);
        var limit = Vector256.Create(float.MaxValue);
        var finite = Vector256<float>.AllBitsSet;
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            var y = Vector256.LoadUnsafe(ref x, (nuint)i) * factors;
            finite &= Vector256.LessThanOrEqual(Vector256.Abs(y), limit);
            y.StoreUnsafe(ref x, (nuint)i);
        }

        var allFinite = finite.AsInt32() == Vector256<int>.AllBitsSet;
        for (; i < row.Length; i++)
        {
            row[i] *= factor;
            allFinite &= float.IsFinite(row[i]);
        }

        return allFinite;
    }

    private static float Sum(Vector256<float> lanes)
    {
        var sum = 0f;
        for (var lane = 0; lane < Lanes; lane++)
        {
            sum += lanes[lane];
        }

        return sum;
    }
}
