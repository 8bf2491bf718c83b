using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Sorts many columns at once: Batcher's odd-even merge sort (Knuth, The Art of Computer Programming, volume 3, section 5.3.4) over whole rows.</summary>
/// <remarks>
/// <para>Which rows are compared never depends on their values, so all columns go through the same steps side by side, one per vector lane, without
/// a branch on data and without transposing anything. Takes about n·(log₂ n)²/4 comparisons of rows, for any n.</para>
/// <para>Reading and writing rows costs more than comparing them. So eight rows at a time are sorted in registers, and merging takes two or three
/// of its stages at a time.</para>
/// </remarks>
internal static class LaneSort
{
    private const int Lanes = SampleTile.Lanes;
    private const int Group = 8;

    /// <summary>Sorts every column in ascending order.</summary>
    /// <param name="values">The rows of <see cref="SampleTile.Lanes"/> values each, one after the other.</param>
    public static void Sort<T>(Span<T> values)
        where T : unmanaged => Sort(ref MemoryMarshal.GetReference(values), 0, values.Length / Lanes);

    private static void Sort<T>(ref T x, int low, int high)
        where T : unmanaged
    {
        var rows = high - low;
        if (rows == Group)
        {
            SortEight(ref x, low);
        }
        else if (rows < Group)
        {
            SortFew(ref x, low, high);
        }
        else
        {
            // The largest power of two below the number of rows, so that only the last runs are cut short.
            var run = (int)(BitOperations.RoundUpToPowerOf2((uint)rows) / 2);
            Sort(ref x, low, low + run);
            Sort(ref x, low + run, high);
            Merge(ref x, low, high, run);
        }
    }

    private static void SortFew<T>(ref T x, int low, int high)
        where T : unmanaged
    {
        for (var i = low; i < high; i++)
        {
            for (var j = i; j > low; j--)
            {
                Stage(ref x, j - 1, j + 1, 1);
            }
        }
    }

    /// <summary>Merges two ascending runs of rows, of which the second may be cut short.</summary>
    private static void Merge<T>(ref T x, int low, int high, int run)
        where T : unmanaged
    {
        var distance = run / 2;
        if (high - low == 2 * run)
        {
            FirstThreeStages(ref x, low, run / 4);
            distance = run / 8;
        }
        else
        {
            Stage(ref x, low, high, run);
        }

        while (distance > 0)
        {
            if (distance > 1 && (high - low) % (2 * distance) == 0)
            {
                TwoStages(ref x, low, high, distance / 2);
                distance /= 4;
            }
            else
            {
                Stage(ref x, low + distance, high, distance);
                distance /= 2;
            }
        }
    }

    /// <summary>One stage: from the first row on, every other block of as many rows as the distance is compared with the block after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Stage<T>(ref T x, int first, int high, int distance)
        where T : unmanaged
    {
        var ahead = At(distance);
        for (var row = first; row + distance < high; row += 2 * distance)
        {
            var end = At(Math.Min(row + distance, high - distance));
            for (var at = At(row); at < end; at += (nuint)Vector<T>.Count)
            {
                var near = Vector.LoadUnsafe(ref x, at);
                var far = Vector.LoadUnsafe(ref x, at + ahead);
                Order(ref near, ref far);
                near.StoreUnsafe(ref x, at);
                far.StoreUnsafe(ref x, at + ahead);
            }
        }
    }

    /// <summary>The stages with distances 2·step and step: of the four blocks that the first compares, one waits for the next four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TwoStages<T>(ref T x, int low, int high, int step)
        where T : unmanaged
    {
        var next = At(step);
        var row = low + step;
        for (; row + (4 * step) < high; row += 4 * step)
        {
            var end = At(row + step);
            for (var at = At(row); at < end; at += (nuint)Vector<T>.Count)
            {
                var first = Vector.LoadUnsafe(ref x, at);
                var second = Vector.LoadUnsafe(ref x, at + next);
                var third = Vector.LoadUnsafe(ref x, at + (2 * next));
                var fourth = Vector.LoadUnsafe(ref x, at + (3 * next));
                var fifth = Vector.LoadUnsafe(ref x, at + (4 * next));
                Order(ref second, ref fourth);
                Order(ref third, ref fifth);
                Order(ref first, ref second);
                Order(ref third, ref fourth);
                first.StoreUnsafe(ref x, at);
                second.StoreUnsafe(ref x, at + next);
                third.StoreUnsafe(ref x, at + (2 * next));
                fourth.StoreUnsafe(ref x, at + (3 * next));
                fifth.StoreUnsafe(ref x, at + (4 * next));
            }
        }

        Stage(ref x, row, row + (2 * step), step);
    }

    /// <summary>The first three stages of merging two whole runs, with distances 4·step, 2·step and step: eight rows depend on each other alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FirstThreeStages<T>(ref T x, int low, int step)
        where T : unmanaged
    {
        for (var at = At(low); at < At(low + step); at += (nuint)Vector<T>.Count)
        {
            var rows = EightRows<T>.Load(ref x, at, At(step));
            rows.MergeHalves();
            rows.Store(ref x, at, At(step));
        }
    }

    /// <summary>Sorts eight neighbouring rows with the 19 comparisons of Batcher's network.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SortEight<T>(ref T x, int row)
        where T : unmanaged
    {
        for (var at = At(row); at < At(row + 1); at += (nuint)Vector<T>.Count)
        {
            var rows = EightRows<T>.Load(ref x, at, Lanes);
            Order(ref rows.V0, ref rows.V1);
            Order(ref rows.V2, ref rows.V3);
            Order(ref rows.V4, ref rows.V5);
            Order(ref rows.V6, ref rows.V7);
            Order(ref rows.V0, ref rows.V2);
            Order(ref rows.V1, ref rows.V3);
            Order(ref rows.V4, ref rows.V6);
            Order(ref rows.V5, ref rows.V7);
            Order(ref rows.V1, ref rows.V2);
            Order(ref rows.V5, ref rows.V6);
            rows.MergeHalves();
            rows.Store(ref x, at, Lanes);
        }
    }

    private static nuint At(int row) => (nuint)row * Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Order<T>(ref Vector<T> low, ref Vector<T> high) => (low, high) = (Vector.Min(low, high), Vector.Max(low, high));

    /// <summary>Vectors of eight rows that lie equally far apart.</summary>
    private struct EightRows<T>
        where T : unmanaged
    {
        public Vector<T> V0, V1, V2, V3, V4, V5, V6, V7;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static EightRows<T> Load(ref T x, nuint at, nuint step) => new()
        {
            V0 = Vector.LoadUnsafe(ref x, at),
            V1 = Vector.LoadUnsafe(ref x, at + step),
            V2 = Vector.LoadUnsafe(ref x, at + (2 * step)),
            V3 = Vector.LoadUnsafe(ref x, at + (3 * step)),
            V4 = Vector.LoadUnsafe(ref x, at + (4 * step)),
            V5 = Vector.LoadUnsafe(ref x, at + (5 * step)),
            V6 = Vector.LoadUnsafe(ref x, at + (6 * step)),
            V7 = Vector.LoadUnsafe(ref x, at + (7 * step)),
        };

        /// <summary>Compares rows four apart, then what may still be out of order two apart, then next to each other.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void MergeHalves()
        {
            Order(ref V0, ref V4);
            Order(ref V1, ref V5);
            Order(ref V2, ref V6);
            Order(ref V3, ref V7);
            Order(ref V2, ref V4);
            Order(ref V3, ref V5);
            Order(ref V1, ref V2);
            Order(ref V3, ref V4);
            Order(ref V5, ref V6);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(ref T x, nuint at, nuint step)
        {
            V0.StoreUnsafe(ref x, at);
            V1.StoreUnsafe(ref x, at + step);
            V2.StoreUnsafe(ref x, at + (2 * step));
            V3.StoreUnsafe(ref x, at + (3 * step));
            V4.StoreUnsafe(ref x, at + (4 * step));
            V5.StoreUnsafe(ref x, at + (5 * step));
            V6.StoreUnsafe(ref x, at + (6 * step));
            V7.StoreUnsafe(ref x, at + (7 * step));
        }
    }
}
