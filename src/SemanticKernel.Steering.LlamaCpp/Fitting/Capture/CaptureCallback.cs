using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>Pools the selected rows of every text at every chosen site while the model runs. Reads only.</summary>
internal sealed class CaptureCallback : HookedCallback
{
    private readonly SiteCapture?[] _captures;
    private readonly CaptureRow[] _rows;
    private int _rowCount;

    internal CaptureCallback(HookTable table, TensorLayout layout, ReadOnlySpan<int> hooks, int batchSize, bool forceDevicePath)
        : base(table, layout, forceDevicePath)
    {
        _rows = new CaptureRow[batchSize];
        _captures = new SiteCapture?[table.Hooks.Count];
        var active = new bool[table.Hooks.Count];
        foreach (var hook in hooks)
        {
            active[hook] = true;
        }

        Activate(active);
    }

    /// <summary>Whether a decode may end behind the last chosen site. Not if a text goes on in the next one, which needs all of the cache.</summary>
    internal bool StopsBehindLastSite { get; set; }

    internal void Record(int hook, SiteCapture capture) => _captures[hook] = capture;

    internal void ClearRows() => _rowCount = 0;

    /// <summary>Appends the row of a token, in the order of the batch.</summary>
    internal void AddRow(int text, bool isSelected, bool isHeldOut, bool isLastOfText) => _rows[_rowCount++] = new CaptureRow(text, isSelected, isHeldOut, isLastOfText);

    protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        // Every token is flagged as an output where that matters, so both kinds of nodes hold all rows.
        if (rowCount != _rowCount)
        {
            throw new SteeringException($"{rowCount} rows came by where {_rowCount} were submitted.");
        }

        var capture = _captures[hook]!;
        for (var i = 0; i < rowCount; i++)
        {
            var row = _rows[i];
            if (row.IsSelected)
            {
                capture.Add(rows.Slice(i * Table.Width, Table.Width), row.IsHeldOut);
            }

            if (row.IsLastOfText)
            {
                capture.FinishText(row.Text);
            }
        }

        if (StopsBehindLastSite && HasShownAll)
        {
            StopHere();
        }

        return false;
    }

    private readonly record struct CaptureRow(int Text, bool IsSelected, bool IsHeldOut, bool IsLastOfText);
}
