namespace SemanticKernel.Steering;

/// <summary>Activations of one site over one set of texts: one row per text, one column per neuron.</summary>
/// <remarks>Safe to share between threads as long as nobody changes the memory of the values, which is not copied.</remarks>
public sealed class ActivationSamples : IActivationRows
{
    private readonly ReadOnlyMemory<float> _rows;

    /// <summary>Wraps samples.</summary>
    /// <param name="count">The number of samples, at least 1.</param>
    /// <param name="width">The number of neurons, at least 1.</param>
    /// <param name="rowMajor">The values, <c>[count × width]</c>, row by row; all finite.</param>
    /// <param name="tokens">Statistics over the single tokens that the samples were pooled from; needed for <see cref="SupportRange.TokenQuantiles"/> only.</param>
    /// <param name="weights">
    /// How much each sample counts: one positive, finite number per sample; only their ratios matter. None, and equal ones, mean that all
    /// count alike. They say nothing about <paramref name="tokens"/>, and <see cref="FitMode.Reference"/> refuses them.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1.</exception>
    /// <exception cref="ArgumentException">
    /// The number of values or weights or the sketch's width does not fit, a value is NaN or infinite, or a weight is not positive and finite.
    /// </exception>
    public ActivationSamples(int count, int width, ReadOnlyMemory<float> rowMajor, TokenSketch? tokens = null, ReadOnlySpan<double> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rowMajor.Length != (long)count * width)
        {
            throw new ArgumentException($"{count} samples of width {width} need {(long)count * width} values, not {rowMajor.Length}.", nameof(rowMajor));
        }

        if (tokens is not null && tokens.Width != width)
        {
            throw new ArgumentException($"The token sketch has width {tokens.Width}, the samples have {width}.", nameof(tokens));
        }

        var bad = Finite.IndexOfNonFinite(rowMajor.Span);
        if (bad >= 0)
        {
            throw new ArgumentException($"Sample {bad / width} is {rowMajor.Span[bad]} at neuron {bad % width}; all values must be finite.", nameof(rowMajor));
        }

        (Count, Width, _rows, Tokens) = (count, width, rowMajor, tokens);
        Weighting = SampleWeights.From(weights, count);
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>The number of neurons.</summary>
    public int Width { get; }

    /// <summary>Statistics over single tokens, if they were gathered.</summary>
    public TokenSketch? Tokens { get; }

    /// <summary>How much each sample counts, as given; empty where all count alike.</summary>
    public ReadOnlySpan<double> Weights => Weighting is null ? [] : Weighting.Given;

    /// <summary>How many samples of equal weight would tell as much: (Σw)² / Σw², which is <see cref="Count"/> where all count alike (Kish).</summary>
    public double EffectiveCount => Weighting?.EffectiveCount ?? Count;

    /// <summary>The weights; null where all count alike.</summary>
    internal SampleWeights? Weighting { get; }

    /// <summary>Gives one sample.</summary>
    /// <param name="index">Which, counted from 0.</param>
    /// <returns>Its values, one per neuron.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<float> Row(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _rows.Span.Slice(index * Width, Width);
    }

    void IActivationRows.CopyColumns(int first, int neurons, Span<float> destination, int stride)
    {
        var rows = _rows.Span;
        for (var sample = 0; sample < Count; sample++)
        {
            rows.Slice((sample * Width) + first, neurons).CopyTo(destination[(sample * stride)..]);
        }
    }

    /// <summary>How much a sample counts: 1, or with weights its share of <see cref="EffectiveCount"/>.</summary>
    internal double MassOf(int sample) => Weighting is null ? 1 : Weighting.Shares[sample] * Weighting.EffectiveCount;

    /// <summary>Copies some of the samples, with their weights.</summary>
    /// <param name="samples">Which, counted from 0; at least one.</param>
    /// <param name="tokens">Statistics over the tokens of these samples, if there are any.</param>
    internal ActivationSamples Subset(ReadOnlySpan<int> samples, TokenSketch? tokens = null)
    {
        var rows = new float[samples.Length * Width];
        var weights = new double[Weighting is null ? 0 : samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            Row(samples[i]).CopyTo(rows.AsSpan(i * Width));
            if (Weighting is not null)
            {
                weights[i] = Weights[samples[i]];
            }
        }

        return new ActivationSamples(samples.Length, Width, rows, tokens, weights);
    }
}
