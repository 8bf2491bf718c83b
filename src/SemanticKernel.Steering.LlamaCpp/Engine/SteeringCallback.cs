using System.Diagnostics;
using SemanticKernel.Steering.LlamaCpp.Engine.Devices;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>Applies plans to the rows of a decode. Allocates nothing and throws only on a fault.</summary>
internal sealed class SteeringCallback : HookedCallback, IDisposable
{
    private readonly DeviceEditors _devices;
    private readonly BatchRow[] _rows;
    private readonly BatchRow[] _outputRows;
    private readonly bool[] _active;
    private int _rowCount;
    private int _outputRowCount;
    private bool _needsRows;
    private volatile bool _isClosed;

    internal SteeringCallback(HookTable table, TensorLayout layout, int batchSize, StateAccess access)
        : base(table, layout, access)
    {
        _devices = new DeviceEditors(table, layout, batchSize);
        _rows = new BatchRow[batchSize];
        _outputRows = new BatchRow[batchSize];
        _active = new bool[table.Hooks.Count];
    }

    internal int HookCount => _active.Length;

    /// <summary>The request that has the batch to itself; null if there are several. It alone may stop a decode midway: others would lose their work.</summary>
    internal GenerationRequest? SoleOwner { get; private set; }

    /// <summary>Whether no decode is wanted any longer, the one under way included.</summary>
    internal bool IsClosed => _isClosed;

    protected override bool IsUnwanted => _isClosed || SoleOwner is { IsUnwanted: true };

    /// <summary>Stops the decode under way and all to come. For any thread.</summary>
    internal void Close() => _isClosed = true;

    /// <summary>Frees what lies on devices. After the context is freed.</summary>
    public void Dispose() => _devices.Dispose();

    /// <summary>Chooses the hooks to stop at: those of all plans in the batches to come. Between decodes only.</summary>
    internal void Use(ReadOnlySpan<bool> hooks)
    {
        hooks.CopyTo(_active);
        Activate(hooks);
    }

    internal void ClearRows()
    {
        _rowCount = _outputRowCount = 0;
        _needsRows = false;
        SoleOwner = null;
        _devices.BeginDecode();
    }

    /// <summary>Appends the row of a token, in the order of the batch.</summary>
    internal void AddRow(GenerationRequest owner, CompiledPlan plan, RowKind kind, bool output)
    {
        SoleOwner = _rowCount == 0 || owner == SoleOwner ? owner : null;
        _needsRows |= owner.Meter is not null || !plan.IsAffine;
        var row = new BatchRow(owner, plan, kind);
        _rows[_rowCount++] = row;
        if (output)
        {
            _outputRows[_outputRowCount++] = row;
        }
    }

    /// <summary>Makes sure that every plan of the batch is stopped for at all its hooks: a hook that is not looked for would go unsteered unnoticed.</summary>
    /// <exception cref="SteeringException">A hook is missing.</exception>
    internal void EnsureCovered()
    {
        CompiledPlan? last = null;
        foreach (ref readonly var row in _rows.AsSpan(0, _rowCount))
        {
            if (row.Plan == last)
            {
                continue;
            }

            last = row.Plan;
            for (var hook = 0; hook < _active.Length; hook++)
            {
                if (last.ActiveHooks[hook] && !_active[hook])
                {
                    throw new SteeringException($"The hook at {Table.Hooks[hook].Site} is not in force.");
                }
            }
        }
    }

    protected override bool TryEditOnDevice(int hook, nint tensor, nint buffer, int rowCount, bool outputRowsOnly)
    {
        if (_needsRows)
        {
            return false;
        }

        var started = Stopwatch.GetTimestamp();
        var owners = OwnersOf(rowCount, outputRowsOnly);
        if (!_devices.At(buffer).TryEdit(hook, tensor, _rows.AsSpan(0, _rowCount), _outputRows.AsSpan(0, _outputRowCount), outputRowsOnly, _active))
        {
            return false;
        }

        // One edit is for all: each row has an equal share in its time.
        var share = (Stopwatch.GetTimestamp() - started) / rowCount;
        foreach (ref readonly var row in owners)
        {
            row.Owner.Clock?.Add(share);
        }

        return true;
    }

    protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        var owners = OwnersOf(rowCount, outputRowsOnly);
        var edited = false;
        for (var start = 0; start < rowCount;)
        {
            ref readonly var first = ref owners[start];
            var end = start + 1;
            while (end < rowCount && first.IsEditedWith(in owners[end]))
            {
                end++;
            }

            edited |= Edit(hook, rows[(start * Table.Width)..(end * Table.Width)], end - start, in first);
            start = end;
        }

        return edited;
    }

    private Span<BatchRow> OwnersOf(int rowCount, bool outputRowsOnly)
    {
        var owners = outputRowsOnly ? _outputRows.AsSpan(0, _outputRowCount) : _rows.AsSpan(0, _rowCount);
        return owners.Length == rowCount ? owners : throw new SteeringException($"{rowCount} rows came by where {owners.Length} were submitted.");
    }

    private bool Edit(int hook, Span<float> rows, int rowCount, in BatchRow row)
    {
        var operations = row.Plan.OperationsAt(hook);
        if (operations.IsEmpty)
        {
            return false;
        }

        var clock = row.Owner.Clock;
        var started = clock is null ? 0 : Stopwatch.GetTimestamp();
        row.Owner.Meter?.Measure(row.Plan.ByConceptAt(hook), rows, row.Kind);
        var edited = false;
        foreach (var operation in operations)
        {
            if (Steers(operation.Scope, row.Kind))
            {
                edited = true;
                if (!operation.Apply(rows, rowCount))
                {
                    throw new SteeringException($"Steering produced a NaN or infinite value at {Table.Hooks[hook].Site}. Lower the strength.");
                }
            }
        }

        clock?.Add(Stopwatch.GetTimestamp() - started);
        return edited;
    }

    internal static bool Steers(SteeringScope scope, RowKind kind) => scope switch
    {
        SteeringScope.All => kind != RowKind.Bos,
        SteeringScope.FromLastUserTurn => kind >= RowKind.LastUserTurn,
        SteeringScope.Generated => kind == RowKind.Generated,
        _ => throw new SteeringException($"Unknown steering scope {scope}."),
    };
}
