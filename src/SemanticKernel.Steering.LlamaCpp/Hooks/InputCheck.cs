using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// Compares the token ids and positions a graph is about to read with those that were submitted, so that row i is known to be
/// token i.
/// </summary>
internal sealed unsafe class InputCheck(HookTable table, TensorLayout layout)
{
    private readonly GraphInputs _inputs = new(layout);
    private int* _tokens;
    private int* _positions;
    private int _count;
    private bool _sawTokens;
    private bool _sawPositions;

    /// <summary>Whether everything that can be seen was seen, and was as submitted.</summary>
    internal bool Passed => _sawTokens && _sawPositions;

    internal void Begin(TokenBatch batch)
    {
        _tokens = batch.Native.Tokens;
        _positions = batch.Native.Positions;
        _count = batch.Count;
        (_sawTokens, _sawPositions) = (table.TokenReader is null, table.PositionReader is null);
    }

    /// <summary>Looks at a node about to be computed. Cheap, and a no-op once both inputs were seen.</summary>
    internal void Look(nint tensor)
    {
        if (Passed || _inputs.ReaderOf(tensor, _count) is not { } reader)
        {
            return;
        }

        if (!_sawTokens && reader == table.TokenReader && Holds(tensor, _tokens))
        {
            _sawTokens = true;
        }
        else if (!_sawPositions && reader == table.PositionReader && Holds(tensor, _positions))
        {
            _sawPositions = true;
        }
    }

    private bool Holds(nint tensor, int* values) => _inputs.Read(tensor, _count).SequenceEqual(new ReadOnlySpan<int>(values, _count));
}
