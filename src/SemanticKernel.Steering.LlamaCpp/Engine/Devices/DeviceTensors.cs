using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Engine.Devices;

/// <summary>Tensors in a device's memory that every edit reads, and the memory it works in.</summary>
internal sealed unsafe class DeviceTensors : IDisposable
{
    private const int Tensors = 5;

    private readonly nint _context;
    private readonly nint _buffer;

    private DeviceTensors(nint context, nint buffer, nint values, nint rows, nint outputRows, nint slopes, nint intercepts) =>
        (_context, _buffer, Values, Rows, OutputRows, Slopes, Intercepts) = (context, buffer, values, rows, outputRows, slopes, intercepts);

    /// <summary>Slopes and intercepts, <c>[entries × hooks × 2]</c> rows.</summary>
    internal nint Values { get; }

    /// <summary>The entry of every row of the batch.</summary>
    internal nint Rows { get; }

    /// <summary>The entry of every row that is flagged as output.</summary>
    internal nint OutputRows { get; }

    /// <summary>Room for a slope per value of the batch.</summary>
    internal nint Slopes { get; }

    /// <summary>Room for an intercept per value of the batch.</summary>
    internal nint Intercepts { get; }

    /// <summary>Takes memory from a device.</summary>
    /// <returns>The tensors; null if there is not enough memory.</returns>
    internal static DeviceTensors? TryAllocate(nint bufferType, int width, int rowsPerEntry, int entries, int maxRows)
    {
        var context = GgmlBaseNative.ggml_init(new GgmlInitParams { MemorySize = Tensors * GgmlBaseNative.ggml_tensor_overhead(), NoAlloc = 1 });
        if (context == 0)
        {
            return null;
        }

        var values = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.F32, width, checked((long)rowsPerEntry * entries));
        var rows = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.I32, maxRows, 1);
        var outputRows = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.I32, maxRows, 1);
        var slopes = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.F32, width, maxRows);
        var intercepts = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.F32, width, maxRows);
        var buffer = GgmlBaseNative.ggml_backend_alloc_ctx_tensors_from_buft(context, bufferType);
        if (buffer == 0)
        {
            GgmlBaseNative.ggml_free(context);
            return null;
        }

        return new DeviceTensors(context, buffer, values, rows, outputRows, slopes, intercepts);
    }

    public void Dispose()
    {
        GgmlBaseNative.ggml_backend_buffer_free(_buffer);
        GgmlBaseNative.ggml_free(_context);
    }
}
