using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>Pools the selected rows of texts at every site while the model runs. Reads only.</summary>
internal sealed class CaptureCallback : HookedCallback
{
    private readonly FitJob _job;
    private readonly SampleStore _store;
    private readonly TokenSketch?[] _sketches;
    private readonly RowPooler[] _poolers;
    private readonly int[] _siteOfHook;
    private readonly float[] _pooled;
    private readonly CaptureRow[] _rows;
    private int _rowCount;

    /// <summary>Prepares for texts.</summary>
    /// <param name="job">The sites, and the texts.</param>
    /// <param name="store">Receives the pooled rows.</param>
    /// <param name="sketches">Receive the tokens of the source that are fitted on, one per site, if anyone wants them.</param>
    internal CaptureCallback(FitJob job, SampleStore store, TokenSketch?[] sketches)
        : base(job.Model.Hooks, job.Model.Library.Tensors, job.Settings.StateAccess)
    {
        (_job, _store, _sketches) = (job, store, sketches);
        _poolers = [.. job.Hooks.Select(_ => new RowPooler(job.Model.Width, job.Options.Pooling))];
        _pooled = new float[job.Model.Width];
        _rows = new CaptureRow[job.BatchSize];
        _siteOfHook = new int[job.Model.Hooks.Hooks.Count];
        var active = new bool[_siteOfHook.Length];
        for (var site = 0; site < job.Hooks.Length; site++)
        {
            (_siteOfHook[job.Hooks[site]], active[job.Hooks[site]]) = (site, true);
        }

        Activate(active);
    }

    /// <summary>Whether a decode may end behind the last site. Not if a text goes on in the next one, which needs all of the cache.</summary>
    internal bool StopsBehindLastSite { get; set; }

    internal void ClearRows() => _rowCount = 0;

    /// <summary>Appends a token to the batch, and its row.</summary>
    internal void Add(TokenBatch batch, int text, int token, int sequence)
    {
        var own = _job.Texts[text];
        batch.Add(own.Tokens[token], token, sequence, _job.NeedsOutputs);
        _rows[_rowCount++] = new CaptureRow(text, own.Selected[token], token == own.Tokens.Length - 1);
    }

    protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        // Every token is flagged as an output where that matters, so both kinds of nodes hold all rows.
        if (rowCount != _rowCount)
        {
            throw new SteeringException($"{rowCount} rows came by where {_rowCount} were submitted.");
        }

        var site = _siteOfHook[hook];
        for (var i = 0; i < rowCount; i++)
        {
            var (text, isSelected, isLastOfText) = _rows[i];
            if (isSelected)
            {
                Take(site, text, rows.Slice(i * Table.Width, Table.Width));
            }

            if (isLastOfText)
            {
                _poolers[site].Finish(_pooled);
                _store.Write(site, text, _pooled);
            }
        }

        if (StopsBehindLastSite && HasShownAll)
        {
            StopHere();
        }

        return false;
    }

    private void Take(int site, int text, ReadOnlySpan<float> row)
    {
        _poolers[site].Add(row);
        if (_job.IsSketched(text))
        {
            _sketches[site]?.Add(row);
        }
    }

    private readonly record struct CaptureRow(int Text, bool IsSelected, bool IsLastOfText);
}
