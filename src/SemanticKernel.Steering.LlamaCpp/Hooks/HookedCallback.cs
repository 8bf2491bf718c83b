using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// Hands the rows of hooked nodes to a derived class and writes back what it edits: in place where the tensor lies in
/// host memory, by the derived class or through <c>ggml_backend_tensor_get/set</c> elsewhere. Checks that every active hook came by once, with
/// the expected rows, and that the graph read the submitted tokens and positions.
/// </summary>
internal abstract unsafe class HookedCallback : GraphCallback
{
    private readonly TensorLayout _layout;
    private readonly HookTable _table;
    private readonly HookMatcher _matcher;
    private readonly InputCheck _inputs;
    private readonly StateAccess _access;

    private float[] _copy = [];
    private int _pending = -1;
    private int _hits;
    private int _rows;
    private int _outputs;

    protected HookedCallback(HookTable table, TensorLayout layout, StateAccess access)
    {
        _table = table;
        _layout = layout;
        _matcher = new HookMatcher(layout);
        _inputs = new InputCheck(table, layout);
        _access = access;
    }

    /// <summary>Whether the callback itself has stopped the decode under way, because it has seen what it wants to see.</summary>
    internal bool HasStopped { get; private set; }

    protected HookTable Table => _table;

    /// <summary>Whether the node at hand is the last one of the decode that is looked for.</summary>
    protected bool HasShownAll => _hits == _matcher.Expected;

    /// <summary>Chooses the hooks to stop at. Between decodes only.</summary>
    internal void Activate(ReadOnlySpan<bool> active) => _matcher.Activate(_table, active);

    /// <summary>Sets what the next decode must show.</summary>
    internal void BeginDecode(TokenBatch batch)
    {
        (_rows, _outputs, _hits, _pending) = (batch.Count, batch.OutputCount, 0, -1);
        HasStopped = false;
        ResetFault();
        _matcher.BeginGraph();
        _inputs.Begin(batch);
    }

    /// <summary>What was wrong with the decode that just ended, or null. Must be asked after every decode, whatever it returned.</summary>
    internal Exception? EndDecode(bool wasAborted)
    {
        if (Fault is not null || wasAborted || _matcher.Expected == 0)
        {
            return Fault;
        }

        if (_hits != _matcher.Expected)
        {
            return new SteeringException($"The graph showed {_hits} of the {_matcher.Expected} hooked nodes, so the answer would be steered in part only.");
        }

        return _inputs.Passed
            ? null
            : new SteeringException("The graph did not read the tokens and positions that were submitted, so its rows cannot be told apart.");
    }

    /// <summary>Reads or edits the rows of a hooked node.</summary>
    /// <param name="hook">Index into <see cref="HookTable.Hooks"/>.</param>
    /// <param name="rows">Row-major values, <see cref="HookTable.Width"/> per row.</param>
    /// <param name="rowCount">Number of rows: those of the batch, or only those flagged as outputs.</param>
    /// <param name="outputRowsOnly">Which of the two it is.</param>
    /// <returns>Whether any value was changed.</returns>
    protected abstract bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly);

    /// <summary>Edits a hooked node where it lies, without looking at its rows.</summary>
    /// <param name="hook">Index into <see cref="HookTable.Hooks"/>.</param>
    /// <param name="tensor">The node.</param>
    /// <param name="buffer">The buffer it lies in.</param>
    /// <param name="rowCount">Its number of rows.</param>
    /// <param name="outputRowsOnly">Whether it has only the rows flagged as outputs.</param>
    /// <returns>Whether that was possible. If not, <see cref="OnRows"/> gets a copy.</returns>
    protected virtual bool TryEditOnDevice(int hook, nint tensor, nint buffer, int rowCount, bool outputRowsOnly) => false;

    /// <summary>Ends the decode behind the node at hand. Backends that cannot be stopped compute the rest to no purpose.</summary>
    protected void StopHere()
    {
        HasStopped = true;
        RequestAbort();
    }

    protected sealed override bool Ask(nint tensor)
    {
        if (_matcher.Expected == 0)
        {
            return false;
        }

        _inputs.Look(tensor);
        _pending = _matcher.Match(tensor);
        return _pending >= 0;
    }

    protected sealed override void Computed(nint tensor)
    {
        var hook = _pending;
        var outputRowsOnly = _table.Hooks[hook].OutputRowsOnly;
        var rows = outputRowsOnly ? _outputs : _rows;
        _hits++;
        if (!TensorLayout.IsF32(tensor) || _layout.Width(tensor) != _table.Width || _layout.Rows(tensor) != rows || !_layout.IsContiguous(tensor))
        {
            throw new SteeringException(
                $"The node of {_table.Hooks[hook].Site} has {_layout.Rows(tensor)} rows of {_layout.Width(tensor)} values where {rows} rows of {_table.Width} were expected.");
        }

        if (rows == 0)
        {
            return;
        }

        var buffer = _layout.BufferOf(tensor);
        var length = rows * _table.Width;
        if (_access == StateAccess.Auto && buffer != 0 && GgmlBaseNative.ggml_backend_buffer_is_host(buffer))
        {
            OnRows(hook, new Span<float>(_layout.DataOf(tensor), length), rows, outputRowsOnly);
        }
        else if (_access == StateAccess.Copied || buffer == 0 || !TryEditOnDevice(hook, tensor, buffer, rows, outputRowsOnly))
        {
            OnCopy(hook, tensor, length, rows, outputRowsOnly);
        }
    }

    private void OnCopy(int hook, nint tensor, int length, int rows, bool outputRowsOnly)
    {
        if (_copy.Length < length)
        {
            _copy = GC.AllocateUninitializedArray<float>(length);
        }

        fixed (float* copy = _copy)
        {
            GgmlBaseNative.ggml_backend_tensor_get(tensor, copy, 0, (nuint)length * sizeof(float));
            if (OnRows(hook, _copy.AsSpan(0, length), rows, outputRowsOnly))
            {
                GgmlBaseNative.ggml_backend_tensor_set(tensor, copy, 0, (nuint)length * sizeof(float));
            }
        }
    }
}
