using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>Reads the integer inputs of a graph. They are leaves the callback never sees, but the nodes it sees have them as a source.</summary>
internal sealed unsafe class GraphInputs(TensorLayout layout)
{
    // GET_ROWS(weights, ids) and ROPE(x, positions, …).
    private const int InputSource = 1;

    private int[] _copy = [];

    /// <summary>What kind of reader a node is; null if it reads no such input.</summary>
    internal InputReader? ReaderOf(nint node, int count)
    {
        var input = layout.SourceOf(node, InputSource);
        var subject = layout.SourceOf(node, 0);
        return input != 0 && subject != 0 && TensorLayout.IsI32(input) && layout.Width(input) >= count && layout.Rows(input) == 1
            ? new InputReader(layout.OperationOf(node), layout.OperationOf(subject) == TensorLayout.NoOperation)
            : null;
    }

    /// <summary>The first values of the input that a node reads. Valid until the next call.</summary>
    internal ReadOnlySpan<int> Read(nint node, int count)
    {
        var input = layout.SourceOf(node, InputSource);
        var buffer = layout.BufferOf(input);
        if (buffer != 0 && GgmlBaseNative.ggml_backend_buffer_is_host(buffer))
        {
            return new ReadOnlySpan<int>(layout.DataOf(input), count);
        }

        if (_copy.Length < count)
        {
            _copy = new int[count];
        }

        fixed (int* copy = _copy)
        {
            GgmlBaseNative.ggml_backend_tensor_get(input, copy, 0, (nuint)count * sizeof(int));
        }

        return _copy.AsSpan(0, count);
    }
}
