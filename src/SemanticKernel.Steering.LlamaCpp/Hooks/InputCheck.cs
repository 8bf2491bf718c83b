using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// Compares the token ids and positions a graph is about to read with those that were submitted, so that row i is known
/// to be token i. The inputs are leaves the callback never sees, but the first nodes have them as a source.
/// </summary>
internal sealed unsafe class InputCheck
{
    private readonly TensorLayout _layout;
    private int[] _copy = [];
    private int* _tokens;
    private int* _positions;
    private int _count;

    internal InputCheck(TensorLayout layout) => _layout = layout;

    internal bool SawTokens { get; private set; }

    internal bool SawPositions { get; private set; }

    internal void Begin(int* tokens, int* positions, int count, bool expectTokens, bool expectPositions)
    {
        _tokens = tokens;
        _positions = positions;
        _count = count;
        SawTokens = !expectTokens;
        SawPositions = !expectPositions;
        if (_copy.Length < count)
        {
            _copy = new int[count];
        }
    }

    /// <summary>Looks at a node about to be computed. Cheap, and a no-op once both inputs were seen.</summary>
    internal void Look(nint tensor)
    {
        if (SawTokens && SawPositions)
        {
            return;
        }

        // GET_ROWS(weights, ids) and ROPE(x, positions, …).
        var source = _layout.SourceOf(tensor, 1);
        if (source == 0 || !TensorLayout.IsI32(source) || _layout.Width(source) < _count || _layout.Rows(source) != 1)
        {
            return;
        }

        var values = Read(source);
        if (!SawTokens && values.SequenceEqual(new ReadOnlySpan<int>(_tokens, _count)))
        {
            SawTokens = true;
        }
        else if (!SawPositions && values.SequenceEqual(new ReadOnlySpan<int>(_positions, _count)))
        {
            SawPositions = true;
        }
    }

    private ReadOnlySpan<int> Read(nint tensor)
    {
        var buffer = _layout.BufferOf(tensor);
        if (buffer != 0 && GgmlBaseNative.ggml_backend_buffer_is_host(buffer))
        {
            return new ReadOnlySpan<int>(_layout.DataOf(tensor), _count);
        }

        fixed (int* copy = _copy)
        {
            GgmlBaseNative.ggml_backend_tensor_get(tensor, copy, 0, (nuint)_count * sizeof(int));
        }

        return _copy.AsSpan(0, _count);
    }
}
