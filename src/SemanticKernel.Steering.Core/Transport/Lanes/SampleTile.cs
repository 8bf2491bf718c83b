using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Scratch space for a tile of neighbouring neurons: their samples, ascending per neuron, one neuron per lane.</summary>
/// <remarks>
/// What comes out for a neuron depends neither on its lane nor on the processor. Not safe for concurrent use. A program often fits once: this class
/// and those beside it ask for optimised code at once, as waiting for the runtime to find out takes longer than fitting.
/// </remarks>
internal sealed class SampleTile
{
    /// <summary>Neurons per tile: one cache line of every row.</summary>
    public const int Lanes = 16;

    private readonly IActivationRows _rows;
    private readonly SampleWeights? _weights;
    private readonly float[] _loaded;
    private readonly long[] _ranked;
    private readonly double[] _values;
    private readonly double[] _shares;
    private readonly double[] _column;
    private readonly double[] _columnShares;
    private readonly LaneMoments _moments;
    private bool _hasMoments;

    public SampleTile(IActivationRows rows, SampleWeights? weights = null)
    {
        (_rows, _weights) = (rows, weights);
        _loaded = new float[rows.Count * Lanes];
        _values = new double[rows.Count * Lanes];
        _column = new double[rows.Count];
        _ranked = new long[weights is null ? 0 : rows.Count * Lanes];
        _shares = new double[_ranked.Length];
        _columnShares = new double[weights is null ? 0 : rows.Count];
        _moments = new LaneMoments(weights?.Freedom ?? (rows.Count - 1));
    }

    /// <summary>The number of samples.</summary>
    public int Count => _rows.Count;

    /// <summary>The samples, <c>[count × lanes]</c>, ascending down every lane.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The share of each value, in the same places; empty where all count alike.</summary>
    public ReadOnlySpan<double> Shares => _shares;

    /// <summary>Mean and deviation of every lane.</summary>
    public LaneMoments Moments
    {
        get
        {
            if (!_hasMoments)
            {
                _moments.Take(this);
                _hasMoments = true;
            }

            return _moments;
        }
    }

    /// <summary>Loads and sorts up to <see cref="Lanes"/> neurons. Further lanes hold zeros.</summary>
    public void Load(int firstNeuron, int neurons)
    {
        _hasMoments = false;
        if (neurons < Lanes)
        {
            Array.Clear(_loaded);
        }

        _rows.CopyColumns(firstNeuron, neurons, _loaded, Lanes);
        var keys = MemoryMarshal.Cast<float, int>(_loaded.AsSpan());
        SortKeys.Flip(keys);
        if (_weights is null)
        {
            LaneSort.Sort(keys);
        }
        else
        {
            SortWeighted(keys, _weights);
        }

        SortKeys.Flip(keys);
        Widen();
    }

    /// <summary>Gives a quantile of one lane.</summary>
    public double Quantile(int lane, double percent) => _weights is null
        ? Steering.Quantile.OfSorted(_values.AsSpan(lane), percent, Lanes)
        : Steering.Quantile.OfSorted(Column(lane, out var shares), shares, percent);

    /// <summary>Gives the ascending samples of one lane and their shares, valid until the next call.</summary>
    public ReadOnlySpan<double> Column(int lane, out ReadOnlySpan<double> shares)
    {
        CopyLane(_values, lane, _column);
        CopyLane(_shares, lane, _columnShares);
        shares = _columnShares;
        return _column;
    }

    private static void CopyLane(double[] from, int lane, double[] column)
    {
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = from[(i * Lanes) + lane];
        }
    }

    /// <summary>Sorts values together with their shares; equal values by share, so that the order in which they came does not show.</summary>
    private void SortWeighted(Span<int> keys, SampleWeights weights)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            _ranked[i] = SortKeys.Ranked(keys[i], weights.Ranks[i / Lanes]);
        }

        LaneSort.Sort<long>(_ranked);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (int)(_ranked[i] >> 32);
            _shares[i] = weights.Ascending[(int)(uint)_ranked[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Widen()
    {
        ref var narrow = ref MemoryMarshal.GetArrayDataReference(_loaded);
        ref var wide = ref MemoryMarshal.GetArrayDataReference(_values);
        for (nuint i = 0; i < (nuint)_loaded.Length; i += (nuint)Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref narrow, i), out var low, out var high);
            low.StoreUnsafe(ref wide, i);
            high.StoreUnsafe(ref wide, i + (nuint)Vector<double>.Count);
        }
    }
}
