namespace SemanticKernel.Steering;

/// <summary>Activations of one site over one set of texts: one row per text, one column per neuron.</summary>
/// <remarks>Safe to share between threads as long as nobody changes the memory it was given, which is not copied.</remarks>
public sealed class ActivationSamples
{
    private readonly ReadOnlyMemory<float> _rows;

    /// <summary>Wraps samples.</summary>
    /// <param name="count">The number of samples, at least 1.</param>
    /// <param name="width">The number of neurons, at least 1.</param>
    /// <param name="rowMajor">The values, <c>[count × width]</c>, row by row; all finite.</param>
    /// <param name="tokens">Statistics over the single tokens that the samples were pooled from; needed for <see cref="SupportRange.TokenQuantiles"/> only.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is below 1.</exception>
    /// <exception cref="ArgumentException">The number of values or the sketch's width does not fit, or a value is NaN or infinite.</exception>
    public ActivationSamples(int count, int width, ReadOnlyMemory<float> rowMajor, TokenSketch? tokens = null)
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
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>The number of neurons.</summary>
    public int Width { get; }

    /// <summary>Statistics over single tokens, if they were gathered.</summary>
    public TokenSketch? Tokens { get; }

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
}
