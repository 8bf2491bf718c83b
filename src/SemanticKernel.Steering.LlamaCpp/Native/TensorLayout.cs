using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// Offsets of the <c>ggml_tensor</c> fields that are read for every node of a graph, in bytes. They are found at load by
/// looking for known values in small tensors, because the struct has no stable layout and not all fields have an accessor.
/// </summary>
internal sealed unsafe class TensorLayout
{
    private const int SearchBytes = 320;
    private const int MostOperations = 1000;

    private TensorLayout(int buffer, int dimensions, int strides, int operation, int sources, int data, int name)
    {
        Operation = operation;
        Buffer = buffer;
        Dimensions = dimensions;
        Strides = strides;
        Sources = sources;
        Data = data;
        Name = name;
    }

    internal const int MaxSources = 10;
    internal const int NoOperation = 0; // GGML_OP_NONE

    internal int Buffer { get; }

    internal int Dimensions { get; }

    internal int Strides { get; }

    internal int Operation { get; }

    internal int Sources { get; }

    internal int Data { get; }

    internal int Name { get; }

    internal byte* NameOf(nint tensor) => (byte*)tensor + Name;

    internal long Width(nint tensor) => *(long*)(tensor + Dimensions);

    internal long Rows(nint tensor)
    {
        var ne = (long*)(tensor + Dimensions);
        return ne[1] * ne[2] * ne[3];
    }

    /// <summary>Whether the rows of an F32 tensor follow each other without gaps.</summary>
    internal bool IsContiguous(nint tensor)
    {
        var ne = (long*)(tensor + Dimensions);
        var nb = (long*)(tensor + Strides);
        return nb[0] == sizeof(float) && nb[1] == ne[0] * nb[0] && (ne[2] == 1 || nb[2] == ne[1] * nb[1]) && (ne[3] == 1 || nb[3] == ne[2] * nb[2]);
    }

    /// <summary>The <c>ggml_op</c> that computes a tensor; <see cref="NoOperation"/> for weights and inputs.</summary>
    internal int OperationOf(nint tensor) => *(int*)(tensor + Operation);

    internal nint SourceOf(nint tensor, int index) => *(nint*)(tensor + Sources + index * sizeof(nint));

    internal nint BufferOf(nint tensor) => *(nint*)(tensor + Buffer);

    internal void* DataOf(nint tensor) => *(void**)(tensor + Data);

    internal static bool IsF32(nint tensor) => *(int*)tensor == GgmlType.F32;

    internal static bool IsI32(nint tensor) => *(int*)tensor == GgmlType.I32;

    internal static TensorLayout Find()
    {
        var context = GgmlBaseNative.ggml_init(new GgmlInitParams { MemorySize = 1 << 16, NoAlloc = 1 });
        if (context == 0)
        {
            throw new NativeLibraryException("ggml_init failed: the process is out of memory.");
        }

        nint buffer = 0;
        try
        {
            var a = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.F32, 7, 5);
            var b = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.F32, 7, 5);
            var sum = GgmlBaseNative.ggml_add(context, a, b);
            var integers = GgmlBaseNative.ggml_new_tensor_2d(context, GgmlType.I32, 3, 1);
            buffer = GgmlBaseNative.ggml_backend_alloc_ctx_tensors_from_buft(context, GgmlBaseNative.ggml_backend_cpu_buffer_type());
            if (buffer == 0 || !IsF32(a) || !IsI32(integers))
            {
                throw Unknown("type");
            }

            // The operation follows the four strides.
            var strides = FindWords("nb", sum, sizeof(float), 7 * sizeof(float), 35 * sizeof(float));
            var operation = strides + (4 * sizeof(long));
            if (*(int*)(a + operation) != NoOperation || *(int*)(sum + operation) is <= NoOperation or > MostOperations)
            {
                throw Unknown("op");
            }

            return new TensorLayout(
                FindWords("buffer", sum, buffer),
                FindWords("ne", sum, 7, 5, 1, 1),
                strides,
                operation,
                FindWords("src", sum, a, b, 0),
                FindWords("data", a, (nint)GgmlBaseNative.ggml_get_data(a)),
                (int)((nint)GgmlBaseNative.ggml_get_name(sum) - sum));
        }
        finally
        {
            if (buffer != 0)
            {
                GgmlBaseNative.ggml_backend_buffer_free(buffer);
            }

            GgmlBaseNative.ggml_free(context);
        }
    }

    private static int FindWords(string field, nint tensor, params ReadOnlySpan<nint> words)
    {
        var haystack = new ReadOnlySpan<nint>((void*)tensor, SearchBytes / sizeof(nint));
        var index = haystack.IndexOf(words);
        return index >= 0 ? index * sizeof(nint) : throw Unknown(field);
    }

    private static NativeLibraryException Unknown(string field) => new(
        $"The loaded llama.cpp keeps the field '{field}' of ggml_tensor where it was not found. Supported versions: {AbiCheck.SupportedVersions}.");
}
