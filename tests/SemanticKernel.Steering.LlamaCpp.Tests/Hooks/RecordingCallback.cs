using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

internal delegate void RowsEdit(Span<float> rows);

/// <summary>Keeps the values of all hooked nodes in the order in which they come by, and edits one of them.</summary>
internal sealed class RecordingCallback : HookedCallback
{
    internal RecordingCallback(HookTable table, TensorLayout layout, StateAccess access = StateAccess.Auto)
        : base(table, layout, access) => Activate(Enumerable.Repeat(true, table.Hooks.Count).ToArray());

    /// <summary>Site and values, as later nodes see them.</summary>
    internal List<(Site Site, float[] Values, int Rows)> Seen { get; } = [];

    internal Site? EditedSite { get; set; }

    internal RowsEdit Edit { get; set; } = static _ => { };

    internal float[] this[Site site] => Seen.Single(entry => entry.Site == site).Values;

    protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        var site = Table.Hooks[hook].Site;
        var isEdited = site == EditedSite;
        if (isEdited)
        {
            Edit(rows);
        }

        Seen.Add((site, rows.ToArray(), rowCount));
        return isEdited;
    }
}
