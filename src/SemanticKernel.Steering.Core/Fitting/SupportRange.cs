using System.Globalization;

namespace SemanticKernel.Steering;

/// <summary>Where a map acts, per neuron: values outside the range are left as they are (paper section 3, the transport support).</summary>
/// <remarks>The default value is <see cref="Unbounded"/>.</remarks>
public readonly record struct SupportRange
{
    private SupportRange(SupportKind kind, double lowPercent, double highPercent) =>
        (Kind, LowPercent, HighPercent) = (kind, lowPercent, highPercent);

    /// <summary>The map acts on every value.</summary>
    public static SupportRange Unbounded => default;

    internal SupportKind Kind { get; }

    internal double LowPercent { get; }

    internal double HighPercent { get; }

    /// <summary>Between two quantiles of the pooled source sample: the paper's rule.</summary>
    /// <remarks>
    /// The map is later tested against single tokens, whose values spread much wider than those of pooled texts: with mean pooling
    /// the range 0 to 100 can leave most token values alone. <see cref="TokenQuantiles"/> does not have that problem.
    /// </remarks>
    /// <param name="lowPercent">The lower quantile in percent, 0 to 100; 0 is the smallest sample.</param>
    /// <param name="highPercent">The upper quantile in percent, above <paramref name="lowPercent"/>; 100 is the largest sample.</param>
    /// <returns>The range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ low &lt; high ≤ 100.</exception>
    public static SupportRange Quantiles(double lowPercent, double highPercent) =>
        Create(SupportKind.PooledQuantiles, lowPercent, highPercent);

    /// <summary>Between two quantiles of the source activations of single tokens. Fitting needs a <see cref="TokenSketch"/> of them.</summary>
    /// <param name="lowPercent">The lower quantile in percent, 0 to 100; 0 is the smallest token value.</param>
    /// <param name="highPercent">The upper quantile in percent, above <paramref name="lowPercent"/>; 100 is the largest token value.</param>
    /// <returns>The range.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ low &lt; high ≤ 100.</exception>
    public static SupportRange TokenQuantiles(double lowPercent, double highPercent) =>
        Create(SupportKind.TokenQuantiles, lowPercent, highPercent);

    /// <summary>Describes the range, for messages.</summary>
    /// <returns>For example <c>token quantiles 1 to 99 %</c>.</returns>
    public override string ToString() => Kind switch
    {
        SupportKind.PooledQuantiles => string.Create(CultureInfo.InvariantCulture, $"quantiles {LowPercent} to {HighPercent} %"),
        SupportKind.TokenQuantiles => string.Create(CultureInfo.InvariantCulture, $"token quantiles {LowPercent} to {HighPercent} %"),
        _ => "unbounded",
    };

    private static SupportRange Create(SupportKind kind, double lowPercent, double highPercent)
    {
        // Written so that NaN fails.
        if (!(lowPercent >= 0 && lowPercent < highPercent && highPercent <= 100))
        {
            throw new ArgumentOutOfRangeException(
                nameof(lowPercent),
                string.Create(CultureInfo.InvariantCulture, $"A support range needs 0 <= low < high <= 100 percent, not {lowPercent} and {highPercent}."));
        }

        return new SupportRange(kind, lowPercent, highPercent);
    }
}
