namespace SemanticKernel.Steering;

/// <summary>Fits one site: transposes tiles of neurons, sorts them and lets the estimator work, on all cores when it pays.</summary>
internal sealed class MapFitter
{
    // Below this many values one core is done before others have started.
    private const long ParallelThreshold = 1 << 18;

    private readonly ActivationSamples _source;
    private readonly ActivationSamples _target;
    private readonly FitOptions _options;
    private readonly ITransportEstimator _estimator;
    private readonly float[] _slope;
    private readonly float[] _intercept;
    private readonly float[] _low;
    private readonly float[] _high;

    public MapFitter(ActivationSamples source, ActivationSamples target, FitOptions options)
    {
        (_source, _target, _options) = (source, target, options);
        _estimator = TransportEstimators.For(options.Estimator, options.Mode);
        _estimator.CheckCounts(source.Count, target.Count);
        if (options.Support.Kind == SupportKind.TokenQuantiles && source.Tokens is not { Count: > 0 })
        {
            throw new SteeringFitException("A support from token quantiles needs a token sketch of the source activations, and there is none.");
        }

        _slope = new float[source.Width];
        _intercept = new float[source.Width];
        var bounded = options.Support.Kind != SupportKind.Unbounded;
        _low = bounded ? new float[source.Width] : [];
        _high = bounded ? new float[source.Width] : [];
    }

    public TransportMap Fit()
    {
        var tiles = (_source.Width + NeuronColumns.TileWidth - 1) / NeuronColumns.TileWidth;
        if ((long)_source.Width * (_source.Count + _target.Count) >= ParallelThreshold)
        {
            Parallel.For(0, tiles, NewScratch, (tile, _, scratch) => FitTile(tile, scratch), _ => { });
        }
        else
        {
            var scratch = NewScratch();
            for (var tile = 0; tile < tiles; tile++)
            {
                FitTile(tile, scratch);
            }
        }

        CheckFinite();
        return new TransportMap(_slope, _intercept, _low, _high);
    }

    private Scratch NewScratch() => new(
        new NeuronColumns(_source),
        new NeuronColumns(_target),
        new float[_options.Support.Kind == SupportKind.TokenQuantiles ? _source.Tokens!.Capacity : 0]);

    private Scratch FitTile(int tile, Scratch scratch)
    {
        var first = tile * NeuronColumns.TileWidth;
        var neurons = Math.Min(NeuronColumns.TileWidth, _source.Width - first);
        scratch.Source.Load(first, neurons);
        scratch.Target.Load(first, neurons);
        for (var i = 0; i < neurons; i++)
        {
            FitNeuron(first + i, scratch.Source.Column(i), scratch.Target.Column(i), scratch.Tokens);
        }

        return scratch;
    }

    private void FitNeuron(int neuron, ReadOnlySpan<float> source, ReadOnlySpan<float> target, float[] tokenScratch)
    {
        var map = _estimator.Fit(source, target);
        if (_low.Length > 0)
        {
            var (low, high) = Range(neuron, source, tokenScratch);
            var bounds = _options.Mode == FitMode.Reference ? SupportBounds.Open(low, high) : SupportBounds.Closed(low, high);
            if (bounds.IsEmpty)
            {
                // Nothing lies strictly between the bounds: the neuron does nothing, and says so in a form that files can hold.
                (map, bounds) = (AffineMap.Identity, SupportBounds.Closed(low, high));
            }

            (_low[neuron], _high[neuron]) = (bounds.Low, bounds.High);
        }

        (_slope[neuron], _intercept[neuron]) = ((float)map.Slope, (float)map.Intercept);
    }

    private (double Low, double High) Range(int neuron, ReadOnlySpan<float> source, float[] tokenScratch)
    {
        var (low, high) = (_options.Support.LowPercent, _options.Support.HighPercent);
        return _options.Support.Kind == SupportKind.TokenQuantiles
            ? _source.Tokens!.Quantiles(neuron, low, high, tokenScratch)
            : (Quantile.OfSorted(source, low), Quantile.OfSorted(source, high));
    }

    private void CheckFinite()
    {
        var bad = Math.Max(Finite.IndexOfNonFinite(_slope), Finite.IndexOfNonFinite(_intercept));
        if (bad >= 0)
        {
            throw new SteeringFitException(
                $"The map of neuron {bad} is not finite (slope {_slope[bad]}, intercept {_intercept[bad]}): its samples are too far apart or too close together.");
        }
    }

    private sealed record Scratch(NeuronColumns Source, NeuronColumns Target, float[] Tokens);
}
