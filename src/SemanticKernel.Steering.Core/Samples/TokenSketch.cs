using System.Numerics.Tensors;

namespace SemanticKernel.Steering;

/// <summary>Statistics over the activations of single tokens at one site: exact extremes and a uniform sample of whole rows for quantiles.</summary>
/// <remarks>
/// <para>While no more than <see cref="Capacity"/> rows were added, quantiles are exact. After that they come from a uniform random sample of
/// n = <see cref="Capacity"/> rows, and with probability 1 − δ no more than the asked share + ε + 1/n of all values lie below a returned quantile and no
/// less than the asked share − ε − 1/n at or below it, where ε = √(ln(2/δ) / (2n)), for all percentages of one neuron at once
/// (Dvoretzky–Kiefer–Wolfowitz; 1/n is the way to the neighbouring value). At δ = 5 % that is 136/√n + 100/n percentage points, whatever the order of the rows
/// and the spread of the values: 3.0 with the default capacity of 2,048, 8.9 with the 256 rows that a fit keeps where <see cref="FitOptions.MemoryBudget"/> is
/// small. 0 and 100 percent are always exact.</para>
/// <para>Keeps at most 4 · (capacity + 2) · width bytes of values and about 40 bytes for every kept row. The same rows in the same order with the same seed give the same sketch.
/// Not safe for concurrent use.</para>
/// </remarks>
public sealed class TokenSketch : IActivationRows
{
    /// <summary>The default number of rows that are kept.</summary>
    public const int DefaultCapacity = 2048;

    private readonly float[] _min;
    private readonly float[] _max;
    private readonly float[][] _kept;
    private readonly Random _random;

    /// <summary>Creates an empty sketch.</summary>
    /// <param name="width">The number of neurons, at least 1.</param>
    /// <param name="capacity">How many rows are kept at most, at least 2.</param>
    /// <param name="seed">Decides which rows are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width or the capacity is too small.</exception>
    public TokenSketch(int width, int capacity = DefaultCapacity, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        Width = width;
        _min = new float[width];
        _max = new float[width];
        _min.AsSpan().Fill(float.PositiveInfinity);
        _max.AsSpan().Fill(float.NegativeInfinity);
        _kept = new float[capacity][];
        _random = new Random(seed);
    }

    /// <summary>The number of neurons.</summary>
    public int Width { get; }

    /// <summary>How many rows are kept at most.</summary>
    public int Capacity => _kept.Length;

    /// <summary>How many rows were added.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest value of each neuron so far; +∞ while empty.</summary>
    public ReadOnlySpan<float> Min => _min;

    /// <summary>The largest value of each neuron so far; −∞ while empty.</summary>
    public ReadOnlySpan<float> Max => _max;

    private int Kept => (int)Math.Min(Count, Capacity);

    /// <summary>Adds the activations of one token. Allocates nothing once <see cref="Capacity"/> rows were added.</summary>
    /// <param name="row">One value per neuron; all finite.</param>
    /// <exception cref="ArgumentException">The length is wrong, or a value is NaN or infinite; nothing was added then.</exception>
    public void Add(ReadOnlySpan<float> row)
    {
        if (row.Length != Width)
        {
            throw new ArgumentException($"A row needs {Width} values, not {row.Length}.", nameof(row));
        }

        var bad = Finite.IndexOfNonFinite(row);
        if (bad >= 0)
        {
            throw new ArgumentException($"Token {Count} is {row[bad]} at neuron {bad}; all values must be finite.", nameof(row));
        }

        TensorPrimitives.Min(row, _min, _min);
        TensorPrimitives.Max(row, _max, _max);

        // Reservoir sampling: the t-th row enters with probability capacity / t and then replaces a kept one at random.
        var slot = Count < Capacity ? Count : _random.NextInt64(Count + 1);
        if (slot < Capacity)
        {
            row.CopyTo(_kept[slot] ??= new float[Width]);
        }

        Count++;
    }

    /// <summary>Gives a quantile of one neuron.</summary>
    /// <param name="neuron">Which neuron, counted from 0.</param>
    /// <param name="percent">0 to 100.</param>
    /// <returns>The quantile, interpolated between neighbouring values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron, or the percentage is out of range.</exception>
    /// <exception cref="InvalidOperationException">Nothing was added yet.</exception>
    public float Quantile(int neuron, double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(neuron);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(neuron, Width);
        Steering.Quantile.CheckPercent(percent);
        CheckNotEmpty();
        var tile = new SampleTile(this);
        tile.Load(neuron, 1);
        return (float)Quantile(neuron, tile, 0, percent);
    }

    /// <summary>Gives the same quantile of every neuron, on all cores when it pays.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <param name="destination">Receives one value per neuron.</param>
    /// <exception cref="ArgumentException">The length is wrong.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The percentage is out of range.</exception>
    /// <exception cref="InvalidOperationException">Nothing was added yet.</exception>
    public void Quantiles(double percent, Span<float> destination)
    {
        if (destination.Length != Width)
        {
            throw new ArgumentException($"The destination needs {Width} values, not {destination.Length}.", nameof(destination));
        }

        Steering.Quantile.CheckPercent(percent);
        CheckNotEmpty();
        var quantiles = new float[Width];
        TileLoop.Run(Width, Kept, () => new SampleTile(this), (first, neurons, tile) =>
        {
            tile.Load(first, neurons);
            for (var lane = 0; lane < neurons; lane++)
            {
                quantiles[first + lane] = (float)Quantile(first + lane, tile, lane, percent);
            }
        });
        quantiles.CopyTo(destination);
    }

    int IActivationRows.Count => Kept;

    void IActivationRows.CopyColumns(int first, int neurons, Span<float> destination, int stride)
    {
        for (var row = 0; row < Kept; row++)
        {
            _kept[row].AsSpan(first, neurons).CopyTo(destination[(row * stride)..]);
        }
    }

    /// <summary>Gives a quantile of one neuron, whose kept values are loaded in a lane of a tile.</summary>
    internal double Quantile(int neuron, SampleTile kept, int lane, double percent) => percent switch
    {
        0 => _min[neuron],
        100 => _max[neuron],
        _ => kept.Quantile(lane, percent),
    };

    private void CheckNotEmpty()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A sketch without tokens has no quantiles.");
        }
    }
}
