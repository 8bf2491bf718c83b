namespace SemanticKernel.Steering;

/// <summary>What a plan does to the hidden states of one site: an affine step per neuron, or an edit of whole states.</summary>
/// <remarks>Immutable and safe for concurrent use on different rows. Neither allocates nor throws for any values in a row.</remarks>
public abstract class SteeringOperation
{
    private protected SteeringOperation(SteeringScope scope) => Scope = scope;

    /// <summary>Which tokens the operation is for.</summary>
    public SteeringScope Scope { get; }

    /// <summary>The number of neurons.</summary>
    public abstract int Width { get; }

    /// <summary>Whether the operation acts only on values within a support.</summary>
    public virtual bool IsBounded => false;

    /// <summary>Edits the hidden state of one token, in place.</summary>
    /// <param name="row">One value per neuron.</param>
    /// <returns>Whether every resulting value is finite; if not, the row must not be used.</returns>
    /// <exception cref="ArgumentException">The row has another width.</exception>
    public bool Apply(Span<float> row) => Apply(row, 1);

    /// <summary>Edits the hidden states of several tokens, in place.</summary>
    /// <param name="rows">The values, <c>[rowCount × width]</c>, row by row.</param>
    /// <param name="rowCount">The number of tokens.</param>
    /// <returns>Whether every resulting value is finite; if not, the rows must not be used.</returns>
    /// <exception cref="ArgumentException">The number of values does not fit.</exception>
    public bool Apply(Span<float> rows, int rowCount)
    {
        if (rowCount < 0 || rows.Length != (long)rowCount * Width)
        {
            throw new ArgumentException($"{rowCount} rows of width {Width} were expected, not {rows.Length} values.", nameof(rows));
        }

        var finite = true;
        for (; !rows.IsEmpty; rows = rows[Width..])
        {
            finite &= ApplyRow(rows[..Width]);
        }

        return finite;
    }

    /// <summary>Whether all that it does is to multiply and add.</summary>
    internal virtual bool IsAffine => false;

    /// <summary>Adds what an affine operation does after an affine step that is given.</summary>
    /// <exception cref="NotSupportedException">It is not affine.</exception>
    internal virtual void ComposeInto(Span<double> scale, Span<double> offset) => throw new NotSupportedException();

    /// <summary>How many of the values lie outside of the support and are left alone.</summary>
    internal virtual int CountOutsideSupport(ReadOnlySpan<float> rows) => 0;

    /// <summary>Edits one row of the right width and tells whether every result is finite.</summary>
    private protected abstract bool ApplyRow(Span<float> row);
}
