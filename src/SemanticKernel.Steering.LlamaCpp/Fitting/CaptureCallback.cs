using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>Pools the selected rows of every text at every chosen site while the model runs. Reads only.</summary>
internal sealed class CaptureCallback : HookedCallback
{
    private readonly SiteCapture?[] _captures;
    private readonly CaptureRow[] _rows;
    private int _rowCount;

    internal CaptureCallback(HookTable table, TensorLayout layout, IReadOnlyList<Site> sites, Pooling pooling, bool sketchTokens, int batchSize, bool forceDevicePath)
        : base(table, layout, forceDevicePath)
    {
        _rows = new CaptureRow[batchSize];
        _captures = new SiteCapture?[table.Hooks.Count];
        var active = new bool[table.Hooks.Count];
        foreach (var hook in sites.Select(table.IndexOf))
        {
            _captures[hook] = new SiteCapture(table.Width, pooling, sketchTokens);
            active[hook] = true;
        }

        Activate(active);
    }

    internal SiteCapture this[Site site] => _captures[Table.IndexOf(site)]!;

    internal void BeginSet(int textCount)
    {
        foreach (var capture in _captures)
        {
            capture?.Begin(textCount);
        }
    }

    internal void ClearRows() => _rowCount = 0;

    /// <summary>Appends the row of a token, in the order of the batch.</summary>
    internal void AddRow(int text, bool isSelected, bool isLastOfText) => _rows[_rowCount++] = new CaptureRow(text, isSelected, isLastOfText);

    protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        // Every token is flagged as an output, so both kinds of nodes hold all rows.
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
                capture.Add(rows.Slice(i * Table.Width, Table.Width));
            }

            if (row.IsLastOfText)
            {
                capture.FinishText(row.Text);
            }
        }

        return false;
    }

    private readonly record struct CaptureRow(int Text, bool IsSelected, bool IsLastOfText);
}
