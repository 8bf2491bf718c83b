using System.Numerics;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Engine.Devices;

/// <summary>
/// What plans do to rows, in a device's memory: every entry holds a row of slopes and a row of intercepts for each active
/// hook. Entries stay until there is no room for another; then the table starts anew with those of the batch at hand.
/// </summary>
internal sealed unsafe class AffineTable(nint bufferType, int width, int maxRows) : IDisposable
{
    // The entry of rows that are not edited.
    private const int Identity = 0;
    private const int LeastCapacity = 16;

    private readonly Dictionary<ulong, int> _entryByEffect = [];
    private readonly HashSet<ulong> _missing = [];
    private readonly double[] _slope = new double[width];
    private readonly double[] _intercept = new double[width];
    private int[] _hooks = [];
    private float[] _staging = [];
    private int _capacity = LeastCapacity;

    /// <summary>The tensors; null before the first entry.</summary>
    internal DeviceTensors? Tensors { get; private set; }

    /// <summary>How many rows an entry consists of.</summary>
    internal int RowsPerEntry => 2 * _hooks.Length;

    /// <summary>Where the slopes of a hook lie within an entry; its intercepts are the row after.</summary>
    internal int RowOf(int hook) => 2 * Array.BinarySearch(_hooks, hook);

    /// <summary>Chooses the hooks of which entries consist, and forgets all entries.</summary>
    internal void Reset(ReadOnlySpan<bool> active)
    {
        Free();
        _hooks = new int[active.Count(true)];
        for (int hook = 0, next = 0; hook < active.Length; hook++)
        {
            if (active[hook])
            {
                _hooks[next++] = hook;
            }
        }

        _staging = new float[RowsPerEntry * width];
    }

    /// <summary>Finds the entry of every row, and adds those that are missing.</summary>
    /// <returns>False if the device has not enough memory.</returns>
    internal bool TryAssign(ReadOnlySpan<BatchRow> rows, Span<int> entries)
    {
        if (Tensors is not null && Find(rows, entries))
        {
            return true;
        }

        _missing.Clear();
        if (Tensors is null || _entryByEffect.Count + 1 + CountMissing(rows) > _capacity)
        {
            _entryByEffect.Clear();
            if (!TryReserve(CountMissing(rows) + 1))
            {
                return false;
            }
        }

        foreach (ref readonly var row in rows)
        {
            if (_missing.Remove(row.Effect))
            {
                var entry = _entryByEffect.Count + 1;
                Upload(entry, row.Plan, row.Kind);
                _entryByEffect.Add(row.Effect, entry);
            }
        }

        return Find(rows, entries);
    }

    public void Dispose() => Free();

    private bool Find(ReadOnlySpan<BatchRow> rows, Span<int> entries)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            entries[i] = Identity;
            if (rows[i].Effect is not 0 and var effect && !_entryByEffect.TryGetValue(effect, out entries[i]))
            {
                return false;
            }
        }

        return true;
    }

    private int CountMissing(ReadOnlySpan<BatchRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (row.Effect is not 0 and var effect && !_entryByEffect.ContainsKey(effect))
            {
                _missing.Add(effect);
            }
        }

        return _missing.Count;
    }

    private bool TryReserve(int entries)
    {
        if (Tensors is not null && entries <= _capacity)
        {
            return true;
        }

        Free();
        _capacity = Math.Max(_capacity, (int)BitOperations.RoundUpToPowerOf2((uint)entries));
        Tensors = DeviceTensors.TryAllocate(bufferType, width, RowsPerEntry, _capacity, maxRows);
        if (Tensors is null)
        {
            return false;
        }

        Upload(Identity, null, default);
        return true;
    }

    private void Upload(int entry, CompiledPlan? plan, RowKind kind)
    {
        var target = _staging.AsSpan();
        foreach (var hook in _hooks)
        {
            Array.Fill(_slope, 1);
            Array.Clear(_intercept);
            foreach (var operation in plan is null ? [] : plan.OperationsAt(hook))
            {
                if (SteeringCallback.Steers(operation.Scope, kind))
                {
                    operation.ComposeInto(_slope, _intercept);
                }
            }

            for (var i = 0; i < width; i++)
            {
                (target[i], target[width + i]) = ((float)_slope[i], (float)_intercept[i]);
            }

            target = target[(2 * width)..];
        }

        fixed (float* data = _staging)
        {
            var bytes = (nuint)_staging.Length * sizeof(float);
            GgmlBaseNative.ggml_backend_tensor_set(Tensors!.Values, data, (nuint)entry * bytes, bytes);
        }
    }

    private void Free()
    {
        _entryByEffect.Clear();
        Tensors?.Dispose();
        Tensors = null;
    }
}
