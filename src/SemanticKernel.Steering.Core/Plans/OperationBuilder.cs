namespace SemanticKernel.Steering;

/// <summary>One affine operation in the making, in double precision: one bounded map, or several unbounded ones composed.</summary>
internal sealed class OperationBuilder : IOperationBuilder
{
    private readonly SteeringScope _scope;
    private readonly double[] _scale;
    private readonly double[] _offset;
    private readonly float[] _low;
    private readonly float[] _high;

    public OperationBuilder(TransportMap map, double strength, SteeringScope scope)
    {
        _scope = scope;
        _scale = new double[map.Width];
        _offset = new double[map.Width];
        Array.Fill(_scale, 1);
        _low = map.IsUnbounded ? [] : map.SupportLow.ToArray();
        _high = map.IsUnbounded ? [] : map.SupportHigh.ToArray();
        Append(map, strength);
    }

    public bool TryAppend(SiteMap map, double strength, SteeringScope scope)
    {
        if (_low.Length > 0 || map is not TransportMap { IsUnbounded: true } affine || scope != _scope)
        {
            return false;
        }

        Append(affine, strength);
        return true;
    }

    public SteeringOperation? Build(Site site)
    {
        var scale = new float[_scale.Length];
        var offset = new float[_scale.Length];
        var acts = false;
        for (var i = 0; i < scale.Length; i++)
        {
            var step = AffineStep.Rounded(_scale[i], _offset[i]);
            if (!float.IsFinite(step.Scale) || !float.IsFinite(step.Offset))
            {
                throw new SteeringPolicyException($"The strengths asked for are too large: neuron {i} of {site} overflows.");
            }

            acts |= step != AffineStep.Nothing;
            (scale[i], offset[i]) = (step.Scale, step.Offset);
        }

        return acts ? new AffineOperation(_scope, scale, offset, _low, _high) : null;
    }

    private void Append(TransportMap map, double strength)
    {
        var slope = map.Slope;
        var intercept = map.Intercept;
        for (var i = 0; i < _scale.Length; i++)
        {
            var scale = 1 + (strength * (slope[i] - 1.0));
            _scale[i] = scale * _scale[i];
            _offset[i] = (scale * _offset[i]) + (strength * intercept[i]);
        }
    }
}
