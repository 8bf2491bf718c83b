namespace SemanticKernel.Steering;

/// <summary>Makes what acts at a site out of what acts there already. Works in double precision and rounds once.</summary>
internal static class SiteMapAlgebra
{
    /// <summary>The map that does at strength λ what the given one does at factor · λ.</summary>
    /// <exception cref="ArgumentException">No map of the kind does that, or a value overflows.</exception>
    public static SiteMap Scale(SiteMap map, double factor) => map switch
    {
        _ when factor == 1 || map.IsIdentity => map,
        TransportMap affine => Scaled(affine, factor),
        NormPreservingShift shift => new NormPreservingShift(SteeringVector.Scaled(shift.Shift, factor)),
        _ => throw new ArgumentException("a directional ablation has no amount of its own to scale: choose its strength instead"),
    };

    /// <summary>The map a share t of the way from one to another, where null leaves every state alone.</summary>
    /// <exception cref="ArgumentException">Nothing lies between the two, or a value overflows.</exception>
    public static SiteMap Interpolate(SiteMap? from, SiteMap? to, double t) => (from, to) switch
    {
        (null, { } other) => Scale(other, t),
        ({ } other, null) => Scale(other, 1 - t),
        (TransportMap first, TransportMap second) => Between(first, second, t),
        (NormPreservingShift first, NormPreservingShift second) => new NormPreservingShift(Mix(first.Shift, 1 - t, second.Shift, t)),
        (DirectionAblation first, DirectionAblation second) when first.Direction.SequenceEqual(second.Direction) => first,
        (DirectionAblation, DirectionAblation) => throw new ArgumentException("between two ablated directions lies no third: a direction and its opposite are the same ablation"),
        _ => throw new ArgumentException($"nothing lies between a map of kind {from!.Operation} and one of kind {to!.Operation}"),
    };

    private static TransportMap Between(TransportMap from, TransportMap to, double t)
    {
        if (from.IsUnbounded != to.IsUnbounded)
        {
            throw new ArgumentException("one map acts everywhere and the other within bounds; nothing lies between");
        }

        (float[] low, float[] high) = from.IsUnbounded ? ([], []) : (Mix(from.SupportLow, 1 - t, to.SupportLow, t), Mix(from.SupportHigh, 1 - t, to.SupportHigh, t));
        return TransportMap.Own(Mix(from.Slope, 1 - t, to.Slope, t), Mix(from.Intercept, 1 - t, to.Intercept, t), low, high);
    }

    private static TransportMap Scaled(TransportMap map, double factor)
    {
        // x + λ·f·(ω·x + β − x) has the slope 1 + f·(ω − 1).
        var slope = Array.ConvertAll(map.Slope.ToArray(), value => (float)(1 + (factor * (value - 1.0))));
        (float[] low, float[] high) = map.IsUnbounded ? ([], []) : (map.SupportLow.ToArray(), map.SupportHigh.ToArray());
        return TransportMap.Own(slope, SteeringVector.Scaled(map.Intercept, factor), low, high);
    }

    private static float[] Mix(ReadOnlySpan<float> first, double firstWeight, ReadOnlySpan<float> second, double secondWeight)
    {
        var mixed = new float[first.Length];
        for (var i = 0; i < mixed.Length; i++)
        {
            mixed[i] = (float)((firstWeight * first[i]) + (secondWeight * second[i]));
        }

        return mixed;
    }
}
