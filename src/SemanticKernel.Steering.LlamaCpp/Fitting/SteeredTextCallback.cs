using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>Takes batches of training texts through a graph and edits the rows of those that are steered.</summary>
internal abstract class SteeredTextCallback : HookedCallback
{
    private readonly List<TextRow> _rows = [];
    private readonly bool[] _active;

    protected SteeredTextCallback(LlamaModel model, StateAccess access)
        : base(model.Hooks, model.Library.Tensors, access) => _active = new bool[model.Hooks.Hooks.Count];

    protected IReadOnlyList<TextRow> Rows => _rows;

    /// <summary>Chooses the hooks to stop at. Between decodes only.</summary>
    internal void LookFor(IEnumerable<int> hooks)
    {
        Array.Clear(_active);
        foreach (var hook in hooks)
        {
            _active[hook] = true;
        }

        Activate(_active);
    }

    internal void Clear(TokenBatch batch)
    {
        batch.Clear();
        _rows.Clear();
    }

    /// <summary>Appends a token to the batch, and its row.</summary>
    /// <returns>Its row.</returns>
    internal int Add(TokenBatch batch, TextRow row, int token, int position, int sequence, bool output)
    {
        _rows.Add(row);
        return batch.Add(token, position, sequence, output);
    }

    protected sealed override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        if (rowCount != CountRows(outputRowsOnly))
        {
            throw new SteeringException($"{rowCount} rows came by where {CountRows(outputRowsOnly)} were submitted.");
        }

        return OnTextRows(hook, rows, outputRowsOnly);
    }

    /// <summary>How many rows a node has to show.</summary>
    protected virtual int CountRows(bool outputRowsOnly) => _rows.Count;

    /// <summary>Called with the rows of a hooked node, as many as there should be.</summary>
    /// <returns>Whether any value was changed.</returns>
    protected abstract bool OnTextRows(int hook, Span<float> rows, bool outputRowsOnly);

    /// <summary>Applies an operation to the rows that are steered.</summary>
    /// <returns>Whether there were any.</returns>
    protected bool Steer(int hook, SteeringOperation operation, Span<float> rows, IReadOnlyList<TextRow> owners)
    {
        var edited = false;
        for (int start = 0, end; start < owners.Count; start = end)
        {
            var isWithin = owners[start].IsWithin(operation.Scope);
            end = start + 1;
            while (end < owners.Count && owners[end].IsWithin(operation.Scope) == isWithin)
            {
                end++;
            }

            if (!isWithin)
            {
                continue;
            }

            edited = true;
            if (!operation.Apply(rows[(start * Table.Width)..(end * Table.Width)], end - start))
            {
                throw new SteeringException($"Steering produced a NaN or infinite value at {Table.Hooks[hook].Site}.");
            }
        }

        return edited;
    }
}
