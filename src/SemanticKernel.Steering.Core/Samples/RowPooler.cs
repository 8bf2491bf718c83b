using System.Numerics.Tensors;

namespace SemanticKernel.Steering;

/// <summary>Turns the token rows of one text into one sample, row by row, without keeping them (the reference's masked pooling: leave rows out by not adding them).</summary>
/// <remarks>Not safe for concurrent use. Reusable after <see cref="Finish"/>.</remarks>
internal sealed class RowPooler
{
    private readonly Pooling _pooling;
    private readonly double[] _sum;
    private readonly float[] _row;

    public RowPooler(int width, Pooling pooling)
    {
        _pooling = pooling;
        _row = new float[width];
        _sum = new double[pooling == Pooling.Mean ? width : 0];
    }

    /// <summary>How many rows were added since the last <see cref="Finish"/>.</summary>
    public int Count { get; private set; }

    public void Add(ReadOnlySpan<float> row)
    {
        if (row.Length != _row.Length)
        {
            throw new ArgumentException($"A row needs {_row.Length} values, not {row.Length}.", nameof(row));
        }

        if (_pooling == Pooling.Mean)
        {
            for (var i = 0; i < row.Length; i++)
            {
                _sum[i] += row[i];
            }
        }
        else if (Count == 0 || _pooling == Pooling.Last)
        {
            row.CopyTo(_row);
        }
        else if (_pooling == Pooling.Max)
        {
            TensorPrimitives.Max(row, _row, _row);
        }
        else
        {
            TensorPrimitives.Min(row, _row, _row);
        }

        Count++;
    }

    /// <summary>Writes the sample and starts over.</summary>
    /// <exception cref="InvalidOperationException">No row was added: the text has none of the selected tokens.</exception>
    public void Finish(Span<float> destination)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("There are no tokens to pool.");
        }

        if (destination.Length != _row.Length)
        {
            throw new ArgumentException($"The destination needs {_row.Length} values, not {destination.Length}.", nameof(destination));
        }

        if (_pooling == Pooling.Mean)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                destination[i] = (float)(_sum[i] / Count);
            }

            Array.Clear(_sum);
        }
        else
        {
            _row.CopyTo(destination);
        }

        Count = 0;
    }
}
