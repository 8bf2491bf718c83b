using LLama.Native;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LLamaSharp;

/// <summary>A context of LLamaSharp. Decodes through it, under its process-wide lock.</summary>
internal sealed class LLamaSharpContextHandle : LlamaContextHandle
{
    // What a batch of LLamaSharp has room for at first.
    private const int FewRows = 128;

    private readonly SafeLLamaContextHandle _context;

    // LLamaSharp pins every row a batch has room for, at every decode: answers do not pay for the room that prompts need.
    private readonly LLamaBatch _small = new();
    private readonly LLamaBatch _large = new();

    internal LLamaSharpContextHandle(SafeLLamaContextHandle context, int batchSize)
        : base(context.Hold())
    {
        _context = context;
        for (var row = 0; row < batchSize && batchSize > FewRows; row++)
        {
            _large.Add((LLamaToken)0, (LLamaPos)0, (LLamaSeqId)0, false);
        }
    }

    internal override unsafe DecodeStatus Decode(TokenBatch batch)
    {
        ref readonly var rows = ref batch.Native;
        var target = rows.TokenCount <= FewRows ? _small : _large;
        target.Clear();
        for (var row = 0; row < rows.TokenCount; row++)
        {
            target.Add((LLamaToken)rows.Tokens[row], (LLamaPos)rows.Positions[row], (LLamaSeqId)rows.Sequences[row][0], rows.Outputs[row] != 0);
        }

        return (DecodeStatus)(int)_context.Decode(target);
    }

    protected override void Free()
    {
        _context.DangerousRelease();
        _context.Dispose();
    }
}
