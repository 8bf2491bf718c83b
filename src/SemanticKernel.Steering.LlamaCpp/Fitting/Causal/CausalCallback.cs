using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// Takes one batch of texts through a graph: past sites that are fitted by steering the rows, and up to a site that is not
/// by pooling them.
/// </summary>
internal abstract unsafe class CausalCallback(FitJob job, CausalTexts texts) : SteeredTextCallback(job.Model, job.Settings.StateAccess)
{
    private readonly RowPooler _pooler = new(job.Model.Width, job.Options.Pooling);
    private float* _values;

    /// <summary>Puts texts into a batch, each as a sequence of its own.</summary>
    internal void Fill(TokenBatch batch, Range range)
    {
        Clear(batch);
        for (var text = range.Start.Value; text < range.End.Value; text++)
        {
            var own = texts[text];
            for (var i = 0; i < own.Tokens.Length; i++)
            {
                var row = new TextRow(text, own.Selected[i], i == own.Tokens.Length - 1, texts.IsSteered(text), own.Kinds[i]);
                Add(batch, row, own.Tokens[i], i, text - range.Start.Value, job.NeedsOutputs);
            }
        }
    }

    /// <summary>Adds the selected source rows of the site at hand to a sketch. Only while the callback is waited for.</summary>
    internal void Sketch(TokenSketch sketch)
    {
        for (var i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].IsSelected && texts.IsSketched(Rows[i].Text))
            {
                sketch.Add(new ReadOnlySpan<float>(_values + ((long)i * Table.Width), Table.Width));
            }
        }
    }

    protected sealed override bool OnTextRows(int hook, Span<float> rows, bool outputRowsOnly)
    {
        if (!texts.IsFitted(hook))
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

        var edited = texts.OperationAt(hook) is { } operation && Steer(hook, operation, rows, Rows);
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
        for (var i = 0; i < Rows.Count; i++)
        {
            var row = Rows[i];
            if (row.IsSelected)
            {
                _pooler.Add(rows.Slice(i * Table.Width, Table.Width));
            }

            if (row.IsLastOfText)
            {
                _pooler.Finish(texts.PooledRow(row.Text));
            }
        }
    }
}
