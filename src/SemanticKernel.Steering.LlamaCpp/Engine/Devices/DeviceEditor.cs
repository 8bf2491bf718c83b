using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine.Devices;

/// <summary>
/// Edits hidden states in the memory of one device with a few small operations of its own, instead of carrying them to the
/// host and back. Each row picks its slopes and intercepts by the number of its plan, so a batch of many plans costs what one
/// of a single plan costs. Used by the engine's thread.
/// </summary>
internal sealed unsafe class DeviceEditor : IDisposable
{
    private readonly nint _backend;
    private readonly TensorLayout _layout;
    private readonly AffineTable _table;
    private readonly DeviceGraph?[] _graphs;
    private readonly int[] _entries;
    private readonly bool[] _active;
    private bool _isReady;
    private bool _isUnable;

    /// <param name="device">The device; 0 if none is known, and then nothing can be edited.</param>
    /// <param name="bufferType">The kind of memory its tensors lie in.</param>
    /// <param name="hooks">The model's hooks.</param>
    /// <param name="layout">How tensors are laid out.</param>
    /// <param name="maxRows">The most rows of a decode.</param>
    internal DeviceEditor(nint device, nint bufferType, HookTable hooks, TensorLayout layout, int maxRows)
    {
        _backend = device == 0 ? 0 : GgmlBaseNative.ggml_backend_dev_init(device, null);
        _isUnable = _backend == 0;
        UseOneThread();
        _layout = layout;
        _table = new AffineTable(bufferType, hooks.Width, maxRows);
        _graphs = new DeviceGraph?[hooks.Hooks.Count];
        _active = new bool[hooks.Hooks.Count];
        _entries = new int[maxRows];
    }

    /// <summary>Forgets the rows of the decode before.</summary>
    internal void BeginDecode() => _isReady = false;

    /// <summary>Edits a node of the decode under way.</summary>
    /// <param name="hook">Which hook it is of.</param>
    /// <param name="tensor">The node.</param>
    /// <param name="rows">All rows of the decode.</param>
    /// <param name="outputRows">Those flagged as output.</param>
    /// <param name="outputRowsOnly">Whether the node has those alone.</param>
    /// <param name="active">The hooks in force.</param>
    /// <returns>Whether that was possible; if not, nothing was changed.</returns>
    /// <exception cref="SteeringException">The device failed.</exception>
    internal bool TryEdit(int hook, nint tensor, ReadOnlySpan<BatchRow> rows, ReadOnlySpan<BatchRow> outputRows, bool outputRowsOnly, ReadOnlySpan<bool> active)
    {
        if (_isUnable)
        {
            return false;
        }

        _isReady = _isReady || TryPrepare(rows, outputRows, active);
        if (!_isReady)
        {
            _isUnable = true;
            return false;
        }

        var tensors = _table.Tensors!;
        var graph = _graphs[hook] ??= new DeviceGraph(_layout);
        graph.Place(tensor, outputRowsOnly ? outputRows.Length : rows.Length, tensors, outputRowsOnly ? tensors.OutputRows : tensors.Rows, _table.RowOf(hook), _table.RowsPerEntry);
        _isUnable = !graph.TryRun(_backend);
        return !_isUnable;
    }

    public void Dispose()
    {
        foreach (var graph in _graphs)
        {
            graph?.Dispose();
        }

        _table.Dispose();
        if (_backend != 0)
        {
            GgmlBaseNative.ggml_backend_free(_backend);
        }
    }

    // The processor's backend would start a set of threads for every edit.
    private void UseOneThread()
    {
        var registry = _isUnable ? 0 : GgmlBaseNative.ggml_backend_dev_backend_reg(GgmlBaseNative.ggml_backend_get_device(_backend));
        if (registry != 0)
        {
            var setThreads = (delegate* unmanaged[Cdecl]<nint, int, void>)GgmlBaseNative.ggml_backend_reg_get_proc_address(registry, "ggml_backend_set_n_threads");
            if (setThreads is not null)
            {
                setThreads(_backend, 1);
            }
        }
    }

    /// <summary>Sees to it that what is done to the rows is on the device, and tells it which row has which.</summary>
    private bool TryPrepare(ReadOnlySpan<BatchRow> rows, ReadOnlySpan<BatchRow> outputRows, ReadOnlySpan<bool> active)
    {
        if (!active.SequenceEqual(_active))
        {
            active.CopyTo(_active);
            _table.Reset(active);
        }

        return TryNumber(rows, outputs: false) && TryNumber(outputRows, outputs: true);
    }

    private bool TryNumber(ReadOnlySpan<BatchRow> rows, bool outputs)
    {
        if (!_table.TryAssign(rows, _entries))
        {
            return false;
        }

        fixed (int* data = _entries)
        {
            var target = outputs ? _table.Tensors!.OutputRows : _table.Tensors!.Rows;
            GgmlBaseNative.ggml_backend_tensor_set(target, data, 0, (nuint)rows.Length * sizeof(int));
        }

        return true;
    }
}
