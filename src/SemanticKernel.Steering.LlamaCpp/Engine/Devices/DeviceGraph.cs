using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine.Devices;

/// <summary>
/// The graph that edits one hooked node where it lies: every row is multiplied by its slopes, then its intercepts are added.
/// It is kept while the node stays where it is, so that a backend that records graphs can replay it.
/// </summary>
internal sealed unsafe class DeviceGraph : IDisposable
{
    private const int MaxNodes = 16;
    private const int Alignment = 64;

    private readonly TensorLayout _layout;
    private readonly nuint _size = GgmlBaseNative.ggml_graph_overhead_custom(MaxNodes, false) + (MaxNodes * GgmlBaseNative.ggml_tensor_overhead());
    private readonly void* _memory;
    private nint _context;
    private nint _graph;
    private bool? _isSupported;
    private (nint Buffer, nint Data, int Rows, nint Index, DeviceTensors Tensors) _place;

    internal DeviceGraph(TensorLayout layout)
    {
        _layout = layout;
        _memory = NativeMemory.AlignedAlloc(_size, Alignment);
    }

    /// <summary>Makes the graph that of a node; does nothing if it is.</summary>
    /// <param name="tensor">The node.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="tensors">What the edit reads, and where it works.</param>
    /// <param name="index">The tensor among these that holds each row's entry.</param>
    /// <param name="slopes">Which row of an entry holds the slopes; the next one holds the intercepts.</param>
    /// <param name="rowsPerEntry">How many rows an entry has.</param>
    /// <exception cref="SteeringException">ggml refuses.</exception>
    internal void Place(nint tensor, int rows, DeviceTensors tensors, nint index, int slopes, int rowsPerEntry)
    {
        var place = (_layout.BufferOf(tensor), (nint)_layout.DataOf(tensor), rows, index, tensors);
        if (_place == place)
        {
            return;
        }

        _place = default;
        _isSupported = null;
        FreeContext();
        _context = GgmlBaseNative.ggml_init(new GgmlInitParams { MemorySize = _size, MemoryBuffer = (nint)_memory, NoAlloc = 1 });
        if (_context == 0)
        {
            throw new SteeringException("ggml_init failed: the process is out of memory.");
        }

        // With the node itself as a source, all that it comes from would be computed again.
        var states = Put(GgmlBaseNative.ggml_new_tensor_2d(_context, GgmlType.F32, _layout.Width(tensor), rows), tensor);
        var entries = View(GgmlBaseNative.ggml_view_1d(_context, index, rows, 0));
        states = View(GgmlBaseNative.ggml_mul_inplace(_context, states, Gather(tensors, entries, slopes, rowsPerEntry, tensors.Slopes)));
        states = View(GgmlBaseNative.ggml_add_inplace(_context, states, Gather(tensors, entries, slopes + 1, rowsPerEntry, tensors.Intercepts)));
        _graph = GgmlBaseNative.ggml_new_graph_custom(_context, MaxNodes, false);
        GgmlBaseNative.ggml_build_forward_expand(_graph, states);
        _place = place;
    }

    /// <summary>Edits the node.</summary>
    /// <returns>Whether the backend knows how; if not, nothing was changed.</returns>
    /// <exception cref="SteeringException">The backend failed on the way.</exception>
    internal bool TryRun(nint backend)
    {
        _isSupported ??= IsSupported(backend);
        if (_isSupported is false)
        {
            return false;
        }

        var status = GgmlBaseNative.ggml_backend_graph_compute(backend, _graph);
        return status == 0 ? true : throw new SteeringException($"The device could not edit hidden states: ggml_backend_graph_compute returned {status}.");
    }

    public void Dispose()
    {
        FreeContext();
        NativeMemory.AlignedFree(_memory);
    }

    /// <summary>For every row of the batch, one row of its entry.</summary>
    private nint Gather(DeviceTensors tensors, nint entries, int row, int rowsPerEntry, nint target)
    {
        var width = _layout.Width(tensors.Values);
        var bytes = (nuint)width * sizeof(float);
        var choices = GgmlBaseNative.ggml_view_2d(
            _context, tensors.Values, width, _layout.Rows(tensors.Values) / rowsPerEntry, bytes * (nuint)rowsPerEntry, bytes * (nuint)row);
        return Put(GgmlBaseNative.ggml_get_rows(_context, View(choices), entries), target);
    }

    /// <summary>Gives a tensor the memory of another.</summary>
    private nint Put(nint tensor, nint owner)
    {
        var status = GgmlBaseNative.ggml_backend_tensor_alloc(_layout.BufferOf(owner), tensor, _layout.DataOf(owner));
        return status == 0 ? tensor : throw new SteeringException($"ggml_backend_tensor_alloc returned {status}.");
    }

    private static nint View(nint tensor)
    {
        var status = GgmlBaseNative.ggml_backend_view_init(tensor);
        return status == 0 ? tensor : throw new SteeringException($"ggml_backend_view_init returned {status}.");
    }

    private bool IsSupported(nint backend)
    {
        for (var i = 0; i < GgmlBaseNative.ggml_graph_n_nodes(_graph); i++)
        {
            if (!GgmlBaseNative.ggml_backend_supports_op(backend, GgmlBaseNative.ggml_graph_node(_graph, i)))
            {
                return false;
            }
        }

        return true;
    }

    private void FreeContext()
    {
        if (_context != 0)
        {
            GgmlBaseNative.ggml_free(_context);
            _context = 0;
        }
    }
}
