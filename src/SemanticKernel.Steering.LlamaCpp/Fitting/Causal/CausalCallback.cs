using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// Takes one batch of texts through a graph: past sites that are fitted by steering the rows, and up to a site that is not
/// by pooling them.
/// </summary>
internal abstract unsafe class CausalCallback : HookedCallback
{
    private readonly CausalTexts _texts;
    private readonly RowPooler _pooler;
    private readonly bool[] _active;
    private readonly List<Row> _rows = [];
    private float* _values;

    protected CausalCallback(FitJob job, CausalTexts texts)
        : base(job.Model.Hooks, job.Model.Library.Tensors, job.Settings.ForceDeviceMemoryPath)
    {
        _texts = texts;
        _pooler = new RowPooler(job.Model.Width, job.Options.Pooling);
        _active = new bool[job.Model.Hooks.Hooks.Count];
    }

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

    /// <summary>Puts texts into a batch, each as a sequence of its own.</summary>
    internal void Fill(TokenBatch batch, Range texts, bool outputs)
    {
        batch.Clear();
        _rows.Clear();
        for (var text = texts.Start.Value; text < texts.End.Value; text++)
        {
            var tokens = _texts[text].Tokens;
            for (var i = 0; i < tokens.Length; i++)
            {
                batch.Add(tokens[i], i, text - texts.Start.Value, outputs);
                _rows.Add(new Row(text, _texts[text].Selected[i], i == tokens.Length - 1, _texts.IsSteered(text, i)));
            }
        }
    }

    /// <summary>Adds the selected source rows of the site at hand to a sketch. Only while the callback is waited for.</summary>
    internal void Sketch(TokenSketch sketch)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].IsSelected && _texts.IsSketched(_rows[i].Text))
            {
                sketch.Add(new ReadOnlySpan<float>(_values + ((long)i * Table.Width), Table.Width));
            }
        }
    }

    protected sealed override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        // Every token is flagged as an output where that matters, so both kinds of nodes hold all rows.
        if (rowCount != _rows.Count)
        {
            throw new SteeringException($"{rowCount} rows came by where {_rows.Count} were submitted.");
        }

        if (!_texts.IsFitted(hook))
        {
            Pool(rows);
            fixed (float* values = rows)
            {
                _values = values;
                if (!Arrive(hook))
                {
                    StopHere();
                    return false;
                }
            }
        }

        var edited = _texts.OperationAt(hook) is { } operation && Steer(hook, operation, rows);
        if (HasShownAll)
        {
            StopHere();
        }

        return edited;
    }

    /// <summary>Called once the rows of a site that is not fitted are pooled.</summary>
    /// <returns>Whether to go on: the site is fitted by then.</returns>
    protected abstract bool Arrive(int hook);

    private void Pool(Span<float> rows)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            var row = _rows[i];
            if (row.IsSelected)
            {
                _pooler.Add(rows.Slice(i * Table.Width, Table.Width));
            }

            if (row.IsLastOfText)
            {
                _pooler.Finish(_texts.PooledRow(row.Text));
            }
        }
    }

    private bool Steer(int hook, SteeringOperation operation, Span<float> rows)
    {
        var edited = false;
        for (int start = 0, end; start < _rows.Count; start = end)
        {
            end = start + 1;
            while (end < _rows.Count && _rows[end].IsSteered == _rows[start].IsSteered)
            {
                end++;
            }

            if (!_rows[start].IsSteered)
            {
                continue;
            }

            edited = true;
            if (!operation.Apply(rows[(start * Table.Width)..(end * Table.Width)], end - start))
            {
                throw new SteeringException($"The map fitted at {Table.Hooks[hook].Site} produced a NaN or infinite value.");
            }
        }

        return edited;
    }

    private readonly record struct Row(int Text, bool IsSelected, bool IsLastOfText, bool IsSteered);
}
