using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>The monotone coupling of two tiles: mass moves from source to target in ascending order (paper section 3, for any counts and weights).</summary>
/// <remarks>
/// <para>With equal counts and no weights that pairs rank with rank. Otherwise the coupling is a list of steps, each of which moves some mass from one
/// source value to one target value; see <see cref="CouplingSteps"/>. Without weights all lanes have the same steps, with weights each its own.</para>
/// <para>Scratch space, reusable after its tiles were loaded anew; not safe for concurrent use. Every lane is summed by itself in ascending order,
/// with multiplication and addition kept separate, so that every processor rounds alike.</para>
/// </remarks>
internal sealed class MonotoneCoupling
{
    private readonly SampleTile _from;
    private readonly SampleTile _to;
    private readonly bool _isWeighted;
    private readonly CouplingSteps? _steps;

    // One row of lanes per step.
    private readonly double[] _source;
    private readonly double[] _target;
    private readonly double[] _mass;

    public MonotoneCoupling(SampleTile source, SampleTile target)
    {
        (_from, _to) = (source, target);
        _isWeighted = !source.Shares.IsEmpty || !target.Shares.IsEmpty;
        _steps = _isWeighted || source.Count != target.Count ? new CouplingSteps(source.Count, target.Count) : null;
        var length = (_steps?.Length ?? 0) * SampleTile.Lanes;
        (_source, _target, _mass) = (new double[length], new double[length], new double[length]);
        if (_steps is not null && !_isWeighted)
        {
            _steps.Walk();
            for (var i = 0; i < length; i++)
            {
                _mass[i] = _steps.Mass[i / SampleTile.Lanes];
            }
        }
    }

    private ReadOnlySpan<double> Source => _steps is null ? _from.Values : _source;

    private ReadOnlySpan<double> Target => _steps is null ? _to.Values : _target;

    /// <summary>Gives the slope of the least-squares line through the coupled values of every lane: covariance by variance; NaN where the source is constant.</summary>
    /// <param name="slopes">Receives one slope per lane.</param>
    public void Slopes(Span<double> slopes)
    {
        Couple();
        for (var lane = 0; lane < SampleTile.Lanes; lane += Vector<double>.Count)
        {
            Slope(lane).CopyTo(slopes[lane..]);
        }
    }

    /// <summary>Gives the Wasserstein-1 distance of every lane: the mean way that the mass moves, in units of the values.</summary>
    /// <param name="distances">Receives one distance per lane.</param>
    public void Distances(Span<double> distances)
    {
        Couple();
        for (var lane = 0; lane < SampleTile.Lanes; lane += Vector<double>.Count)
        {
            Distance(lane).CopyTo(distances[lane..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector<double> Slope(int lane)
    {
        ref var source = ref MemoryMarshal.GetReference(Source);
        ref var target = ref MemoryMarshal.GetReference(Target);
        ref var mass = ref MemoryMarshal.GetArrayDataReference(_mass);
        var length = (nuint)Source.Length;
        var isStepwise = _steps is not null;
        var sourceMean = new Vector<double>(_from.Moments.Mean[lane..]);
        var targetMean = new Vector<double>(_to.Moments.Mean[lane..]);
        Vector<double> covariance = default, variance = default;
        for (var at = (nuint)lane; at < length; at += SampleTile.Lanes)
        {
            // Both sums grow by terms of the same form, so that equal sets give a slope of exactly 1.
            var deviation = Vector.LoadUnsafe(ref source, at) - sourceMean;
            var product = deviation * (Vector.LoadUnsafe(ref target, at) - targetMean);
            var square = deviation * deviation;
            covariance += isStepwise ? product * Vector.LoadUnsafe(ref mass, at) : product;
            variance += isStepwise ? square * Vector.LoadUnsafe(ref mass, at) : square;
        }

        return covariance / variance;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector<double> Distance(int lane)
    {
        ref var source = ref MemoryMarshal.GetReference(Source);
        ref var target = ref MemoryMarshal.GetReference(Target);
        ref var mass = ref MemoryMarshal.GetArrayDataReference(_mass);
        var length = (nuint)Source.Length;
        var isStepwise = _steps is not null;
        var sum = Vector<double>.Zero;
        for (var at = (nuint)lane; at < length; at += SampleTile.Lanes)
        {
            var way = Vector.Abs(Vector.LoadUnsafe(ref source, at) - Vector.LoadUnsafe(ref target, at));
            sum += isStepwise ? way * Vector.LoadUnsafe(ref mass, at) : way;
        }

        return sum / new Vector<double>(_steps?.Total ?? _from.Count);
    }

    /// <summary>Lines the values up, one row per step.</summary>
    private void Couple()
    {
        if (_steps is not null && _isWeighted)
        {
            for (var lane = 0; lane < SampleTile.Lanes; lane++)
            {
                CoupleLane(_steps, lane);
            }
        }
        else if (_steps is not null)
        {
            CoupleRows(_steps);
        }
    }

    private void CoupleRows(CouplingSteps steps)
    {
        for (var step = 0; step < steps.Length; step++)
        {
            var at = step * SampleTile.Lanes;
            _from.Values.Slice(steps.Source[step] * SampleTile.Lanes, SampleTile.Lanes).CopyTo(_source.AsSpan(at));
            _to.Values.Slice(steps.Target[step] * SampleTile.Lanes, SampleTile.Lanes).CopyTo(_target.AsSpan(at));
        }
    }

    private void CoupleLane(CouplingSteps steps, int lane)
    {
        var source = _from.Column(lane, out var sourceShares);
        var target = _to.Column(lane, out var targetShares);
        steps.Walk(sourceShares, targetShares);
        for (var step = 0; step < steps.Length; step++)
        {
            var at = (step * SampleTile.Lanes) + lane;
            (_source[at], _target[at], _mass[at]) = (source[steps.Source[step]], target[steps.Target[step]], steps.Mass[step]);
        }
    }
}
