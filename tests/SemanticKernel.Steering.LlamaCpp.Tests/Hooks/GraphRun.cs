using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

/// <summary>A context with a callback, for one batch at a time.</summary>
internal sealed class GraphRun : IDisposable
{
    private const int Capacity = 1024;

    private readonly LlamaModel _model;
    private readonly HookedCallback _callback;
    private readonly LlamaThreadPoolHandle _pool;
    private readonly LlamaContext _context;
    private readonly TokenBatch _batch = new(Capacity);

    internal GraphRun(LlamaModel model, HookedCallback callback, FlashAttention flashAttention = FlashAttention.Auto, KvCacheType kvCacheType = KvCacheType.F16)
    {
        _model = model;
        _callback = callback;
        _pool = LlamaThreadPoolHandle.Create(1);
        _context = LlamaContext.Open(model, callback, _pool, new ContextSettings
        {
            ContextSize = Capacity, BatchSize = Capacity, MaxSequences = 2, MaxOutputs = Capacity, FlashAttention = flashAttention, KvCacheType = kvCacheType,
        });
    }

    /// <summary>The native context.</summary>
    internal nint Context => _context.Pointer;

    /// <summary>What llama_decode returned last.</summary>
    internal DecodeStatus Status { get; private set; }

    /// <summary>What the callback found wrong with the last decode.</summary>
    internal Exception? Fault { get; private set; }

    /// <summary>Decodes tokens from an empty cache and returns the logits of the output rows, one after the other.</summary>
    internal float[] Decode(int[] tokens, params int[] outputs)
    {
        _context.Clear(wipe: false);
        return Continue(0, tokens, outputs);
    }

    /// <summary>Decodes tokens after those that are cached.</summary>
    internal float[] Continue(int position, int[] tokens, params int[] outputs)
    {
        _batch.Clear();
        for (var i = 0; i < tokens.Length; i++)
        {
            _batch.Add(tokens[i], position + i, 0, outputs.Contains(i));
        }

        _callback.ClearAbort();
        _callback.BeginDecode(_batch);
        Status = _context.Decode(_batch);
        Fault = _callback.EndDecode(Status == DecodeStatus.Aborted);
        return [.. outputs.SelectMany(row => _context.Logits(row, _model.VocabularySize).ToArray())];
    }

    public void Dispose()
    {
        _context.Dispose();
        _batch.Dispose();
        _pool.Dispose();
    }
}
