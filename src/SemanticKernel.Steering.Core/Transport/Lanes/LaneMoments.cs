using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Mean and deviation of every lane of a tile, in double precision.</summary>
/// <remarks>
/// Every lane is summed by itself in ascending order, which makes the result independent of the order in which the samples came and of the
/// processor. With weights p that sum to 1: mean Σp·x and variance Σp·(x − mean)² / Σp·(1 − p), the unbiased rule for weights that say how
/// much a sample counts; for equal weights that is the sum of squares by n − 1.
/// </remarks>
/// <param name="freedom">What the sum of squares is divided by: n − 1, or Σp·(1 − p) for weighted samples.</param>
internal sealed class LaneMoments(double freedom)
{
    private readonly double[] _mean = new double[SampleTile.Lanes];
    private readonly double[] _deviation = new double[SampleTile.Lanes];

    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>The unbiased deviation; NaN for a single sample.</summary>
    public ReadOnlySpan<double> Deviation => _deviation;

    /// <summary>Whether a lane's deviation is large enough, against its mean's magnitude, for a slope to mean anything.</summary>
    public bool Varies(int lane) => _deviation[lane] > Math.Max(1e-6, 1e-4 * Math.Abs(_mean[lane]));

    /// <summary>Takes the moments of a tile's samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(SampleTile tile)
    {
        double total = tile.Shares.IsEmpty ? tile.Count : 1;
        for (var lane = 0; lane < SampleTile.Lanes; lane += Vector<double>.Count)
        {
            // From the smallest sample up, which gives a constant its exact mean.
            var mean = new Vector<double>(tile.Values[lane..]);
            mean += Sum(tile, lane, mean, squares: false) / new Vector<double>(total);
            mean.CopyTo(_mean, lane);

            // One sample has no deviation: 0 / 0 gives the NaN that every threshold refuses.
            Vector.SquareRoot(Sum(tile, lane, mean, squares: true) / new Vector<double>(freedom)).CopyTo(_deviation, lane);
        }
    }

    /// <summary>Sums the differences of neighbouring lanes to an origin, or their squares, down all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Sum(SampleTile tile, int lane, Vector<double> origin, bool squares)
    {
        ref var values = ref MemoryMarshal.GetReference(tile.Values);
        ref var shares = ref MemoryMarshal.GetReference(tile.Shares);
        var length = (nuint)tile.Values.Length;
        var isWeighted = !tile.Shares.IsEmpty;
        var sum = Vector<double>.Zero;
        for (var at = (nuint)lane; at < length; at += SampleTile.Lanes)
        {
            var difference = Vector.LoadUnsafe(ref values, at) - origin;
            var term = squares ? difference * difference : difference;
            sum += isWeighted ? term * Vector.LoadUnsafe(ref shares, at) : term;
        }

        return sum;
    }
}
