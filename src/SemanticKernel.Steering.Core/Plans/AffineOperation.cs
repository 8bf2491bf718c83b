using System.Numerics;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>An affine step per neuron, within bounds where the maps have them.</summary>
internal sealed class AffineOperation : SteeringOperation
{
    private readonly float[] _scale;
    private readonly float[] _offset;
    private readonly float[] _low;
    private readonly float[] _high;

    public AffineOperation(SteeringScope scope, float[] scale, float[] offset, float[] low, float[] high)
        : base(scope) => (_scale, _offset, _low, _high) = (scale, offset, low, high);

    public override int Width => _scale.Length;

    public override bool IsBounded => _low.Length > 0;

    internal override bool IsAffine => !IsBounded;

    internal override void ComposeInto(Span<double> scale, Span<double> offset)
    {
        for (var i = 0; i < Width; i++)
        {
            scale[i] *= _scale[i];
            offset[i] = (_scale[i] * offset[i]) + _offset[i];
        }
    }

    internal override int CountOutsideSupport(ReadOnlySpan<float> rows)
    {
        var outside = 0;
        for (; IsBounded && !rows.IsEmpty; rows = rows[Width..])
        {
            for (var i = 0; i < Width; i++)
            {
                outside += rows[i] >= _low[i] && rows[i] <= _high[i] ? 0 : 1;
            }
        }

        return outside;
    }

    private protected override bool ApplyRow(Span<float> row) => IsBounded ? ApplyBounded(row) : ApplyUnbounded(row);

    // Multiplication and addition stay separate, in vectors as in the tail: a fused step would round differently
    // on different processors and at different widths.
    private bool ApplyUnbounded(Span<float> row)
    {
        ref var x = ref MemoryMarshal.GetReference(row);
        ref var scale = ref MemoryMarshal.GetArrayDataReference(_scale);
        ref var offset = ref MemoryMarshal.GetArrayDataReference(_offset);
        var limit = new Vector<float>(float.MaxValue);
        var finite = Vector<int>.AllBitsSet;
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var at = (nuint)i;
            var y = (Vector.LoadUnsafe(ref x, at) * Vector.LoadUnsafe(ref scale, at)) + Vector.LoadUnsafe(ref offset, at);
            finite &= Vector.LessThanOrEqual(Vector.Abs(y), limit);
            y.StoreUnsafe(ref x, at);
        }

        var allFinite = Vector.EqualsAll(finite, Vector<int>.AllBitsSet);
        for (; i < row.Length; i++)
        {
            row[i] = (row[i] * _scale[i]) + _offset[i];
            allFinite &= float.IsFinite(row[i]);
        }

        return allFinite;
    }

    private bool ApplyBounded(Span<float> row)
    {
        ref var x = ref MemoryMarshal.GetReference(row);
        ref var scale = ref MemoryMarshal.GetArrayDataReference(_scale);
        ref var offset = ref MemoryMarshal.GetArrayDataReference(_offset);
        ref var low = ref MemoryMarshal.GetArrayDataReference(_low);
        ref var high = ref MemoryMarshal.GetArrayDataReference(_high);
        var limit = new Vector<float>(float.MaxValue);
        var finite = Vector<int>.AllBitsSet;
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var at = (nuint)i;
            var before = Vector.LoadUnsafe(ref x, at);
            var within = Vector.GreaterThanOrEqual(before, Vector.LoadUnsafe(ref low, at))
                & Vector.LessThanOrEqual(before, Vector.LoadUnsafe(ref high, at));
            var moved = (before * Vector.LoadUnsafe(ref scale, at)) + Vector.LoadUnsafe(ref offset, at);
            var y = Vector.ConditionalSelect(within, moved, before);
            finite &= Vector.LessThanOrEqual(Vector.Abs(y), limit);
            y.StoreUnsafe(ref x, at);
        }

        var allFinite = Vector.EqualsAll(finite, Vector<int>.AllBitsSet);
        for (; i < row.Length; i++)
        {
            if (row[i] >= _low[i] && row[i] <= _high[i])
            {
                row[i] = (row[i] * _scale[i]) + _offset[i];
            }

            allFinite &= float.IsFinite(row[i]);
        }

        return allFinite;
    }
}
