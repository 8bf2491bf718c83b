using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>Runs a few tokens through a model to see its real graph.</summary>
internal static class ModelProbe
{
    private const int ContextSize = 256;
    private const int Tokens = 3;
    private const string Logits = "result_output";

    internal static HookTable FindHooks(LlamaModel model)
    {
        using var pool = LlamaThreadPoolHandle.Create(1);
        var probe = new GraphProbe(model.Library.Tensors);
        using var context = LlamaContext.Open(model, probe, pool, new ContextSettings { ContextSize = ContextSize, BatchSize = ContextSize });
        using var batch = new TokenBatch(Tokens);
        var token = model.Vocabulary.Bos >= 0 ? model.Vocabulary.Bos : 0;
        for (var i = 0; i < Tokens; i++)
        {
            // One output among three tokens shows which nodes hold output rows only, and tokens in steps of two are no positions.
            batch.Add((token + (2 * i)) % model.Vocabulary.Count, i, 0, output: i == Tokens - 1);
        }

        probe.Expect(batch);
        var status = context.Decode(batch);
        if (status != DecodeStatus.Ok || probe.Fault is not null)
        {
            throw new LlamaModelException($"llama.cpp could not run '{model.Path}' ({status}).", probe.Fault);
        }

        var hooks = HookResolver.Resolve(probe.Nodes, model.Width, Tokens, outputs: 1);
        // Views of the cache hold as many rows as the context, which is no multiple of the tokens.
        var widest = probe.Nodes.Where(node => node.Name != Logits && node.Rows % Tokens == 0).Max(node => node.Width * node.Rows / Tokens);
        return new HookTable(hooks, model.Width, probe.TokenReader, probe.PositionReader) { WidestRow = widest };
    }
}
