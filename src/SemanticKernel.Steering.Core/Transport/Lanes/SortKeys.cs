using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Integers that are ordered as the floats they stand for, so that −0 comes before +0 and every processor agrees on the order.</summary>
internal static class SortKeys
{
    /// <summary>Turns the bits of finite floats into keys, or back: the same step does both.</summary>
    /// <param name="values">The bits, in a number that is a multiple of the widest vector's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Flip(Span<int> values)
    {
        ref var x = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < (nuint)values.Length; i += (nuint)Vector<int>.Count)
        {
            var bits = Vector.LoadUnsafe(ref x, i);

            // Negative floats grow with their magnitude's bits; all bits but the sign are turned over.
            (bits ^ (Vector.ShiftRightArithmetic(bits, 31) & new Vector<int>(int.MaxValue))).StoreUnsafe(ref x, i);
        }
    }

    /// <summary>Makes a key that orders by value first and by rank second.</summary>
    /// <param name="key">The flipped bits of the value.</param>
    /// <param name="rank">The rank, not negative.</param>
    public static long Ranked(int key, int rank) => ((long)key << 32) | (uint)rank;
}
