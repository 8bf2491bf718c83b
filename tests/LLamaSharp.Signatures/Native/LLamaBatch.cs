using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace LLama.Native;

/// <summary>Stand-in.</summary>
public class LLamaBatch
{
    private TokenBatch _rows = new(128);

    /// <summary>Frees the rows.</summary>
    ~LLamaBatch() => _rows.Dispose();

    internal LlamaBatch Native => _rows.Native;

    /// <summary>Appends a token, making room for it.</summary>
    /// <param name="token">The token.</param>
    /// <param name="pos">Its position.</param>
    /// <param name="sequence">Its sequence.</param>
    /// <param name="logits">Whether its logits are wanted.</param>
    /// <returns>Its row.</returns>
    public int Add(LLamaToken token, LLamaPos pos, LLamaSeqId sequence, bool logits)
    {
        if (_rows.IsFull)
        {
            Grow();
        }

        return _rows.Add(token.Number, pos.Number, sequence.Number, logits);
    }

    /// <summary>Empties the batch.</summary>
    public void Clear() => _rows.Clear();

    private unsafe void Grow()
    {
        var larger = new TokenBatch(_rows.Count * 2);
        var rows = _rows.Native;
        for (var row = 0; row < _rows.Count; row++)
        {
            larger.Add(rows.Tokens[row], rows.Positions[row], rows.Sequences[row][0], rows.Outputs[row] != 0);
        }

        _rows.Dispose();
        _rows = larger;
    }
}
