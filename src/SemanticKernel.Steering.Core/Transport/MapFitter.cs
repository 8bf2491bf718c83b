namespace SemanticKernel.Steering;

/// <summary>Fits one site: sorts tiles of neurons and lets the estimator work, on all cores when it pays.</summary>
internal sealed class MapFitter
{
    private readonly ActivationSamples _source;
    private readonly ActivationSamples _target;
    private readonly FitOptions _options;
    private readonly ITransportEstimator _estimator;
    private readonly AffineMap[] _maps;
    private readonly double[] _sourceMeans;
    private readonly float[] _low;
    private readonly float[] _high;

    public MapFitter(ActivationSamples source, ActivationSamples target, FitOptions options)
    {
        (_source, _target, _options) = (source, target, options);
        _estimator = TransportEstimators.For(options.Estimator, options.Mode);
        _estimator.CheckCounts(source, target);
        SlopeShrinkage.Check(options);
        if (options.Mode == FitMode.Reference && (source.Weighting ?? target.Weighting) is not null)
        {
            throw new SteeringFitException("Samples with weights are fitted in safe mode only: the reference has no weights.");
        }

        if (options.Support.Kind == SupportKind.TokenQuantiles && source.Tokens is not { Count: > 0 })
        {
            throw new SteeringFitException("A support from token quantiles needs a token sketch of the source activations, and there is none.");
        }

        _maps = new AffineMap[source.Width];
        _sourceMeans = new double[options.Shrinkage == Shrinkage.None ? 0 : source.Width];
        var bounded = options.Support.Kind != SupportKind.Unbounded;
        _low = bounded ? new float[source.Width] : [];
        _high = bounded ? new float[source.Width] : [];
    }

    public TransportMap Fit()
    {
        TileLoop.Run(_source.Width, _source.Count + _target.Count, NewScratch, FitTile);
        if (_options.Shrinkage == Shrinkage.FewSamples)
        {
            SlopeShrinkage.Apply(_maps, _sourceMeans, _source.EffectiveCount, _target.EffectiveCount);
        }

        var slope = Array.ConvertAll(_maps, map => (float)map.Slope);
        var intercept = Array.ConvertAll(_maps, map => (float)map.Intercept);
        CheckFinite(slope, intercept);
        return new TransportMap(slope, intercept, _low, _high);
    }

    private Scratch NewScratch() => new(
        new TilePair(_source, _target),
        _options.Support.Kind == SupportKind.TokenQuantiles ? new SampleTile(_source.Tokens!) : null);

    private void FitTile(int first, int neurons, Scratch scratch)
    {
        scratch.Samples.Load(first, neurons);
        var maps = _maps.AsSpan(first, neurons);
        _estimator.Fit(scratch.Samples, maps);
        if (_sourceMeans.Length > 0)
        {
            scratch.Samples.Source.Moments.Mean[..neurons].CopyTo(_sourceMeans.AsSpan(first));
        }

        if (_low.Length > 0)
        {
            scratch.Tokens?.Load(first, neurons);
            for (var lane = 0; lane < neurons; lane++)
            {
                Bound(first + lane, lane, scratch, ref maps[lane]);
            }
        }
    }

    private void Bound(int neuron, int lane, Scratch scratch, ref AffineMap map)
    {
        var (low, high) = Range(neuron, lane, scratch);
        var bounds = _options.Mode == FitMode.Reference ? SupportBounds.Open(low, high) : SupportBounds.Closed(low, high);
        if (bounds.IsEmpty)
        {
            // Nothing lies strictly between the bounds: the neuron does nothing, and says so in a form that files can hold.
            (map, bounds) = (AffineMap.Identity, SupportBounds.Closed(low, high));
        }

        (_low[neuron], _high[neuron]) = (bounds.Low, bounds.High);
    }

    private (double Low, double High) Range(int neuron, int lane, Scratch scratch)
    {
        var (low, high) = (_options.Support.LowPercent, _options.Support.HighPercent);
        return scratch.Tokens is { } tokens
            ? (_source.Tokens!.Quantile(neuron, tokens, lane, low), _source.Tokens.Quantile(neuron, tokens, lane, high))
            : (scratch.Samples.Source.Quantile(lane, low), scratch.Samples.Source.Quantile(lane, high));
    }

    private static void CheckFinite(float[] slope, float[] intercept)
    {
        var bad = Math.Max(Finite.IndexOfNonFinite(slope), Finite.IndexOfNonFinite(intercept));
        if (bad >= 0)
        {
            throw new SteeringFitException(
                $"The map of neuron {bad} is not finite (slope {slope[bad]}, intercept {intercept[bad]}): its samples are too far apart or too close together.");
        }
    }

    private sealed record Scratch(TilePair Samples, SampleTile? Tokens);
}
