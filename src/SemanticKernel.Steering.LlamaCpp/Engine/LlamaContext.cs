using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>A <c>llama_context</c> with our callbacks. Used by one thread at a time.</summary>
internal sealed unsafe class LlamaContext : IDisposable
{
    private readonly LlamaContextHandle _handle;
    private readonly nint _context;
    private readonly nint _memory;

    private LlamaContext(LlamaContextHandle handle)
    {
        _handle = handle;
        _context = handle.DangerousGetHandle();
        _memory = LlamaNative.llama_get_memory(_context);
    }

    internal nint Pointer => _context;

    /// <summary>Opens a context. The callback must outlive it.</summary>
    /// <exception cref="LlamaModelException">llama.cpp refuses the settings or has not enough memory.</exception>
    internal static LlamaContext Open(LlamaModel model, GraphCallback callback, LlamaThreadPoolHandle pool, ContextSettings settings)
    {
        var buffer = LlamaNative.llama_context_default_params();
        ref var parameters = ref ParamsBuffer.As<LlamaContextParams>(ref buffer);
        parameters.ContextSize = (uint)settings.ContextSize;
        parameters.BatchSize = parameters.MicroBatchSize = (uint)settings.BatchSize;
        parameters.MaxSequences = (uint)settings.MaxSequences;
        parameters.MaxOutputs = (uint)(settings.MaxOutputs ?? settings.MaxSequences);
        parameters.MaxOutputsPerSequence = (uint)(settings.MaxOutputs ?? 1);
        parameters.Threads = parameters.BatchThreads = settings.Threads;
        parameters.FlashAttention = settings.FlashAttention switch { FlashAttention.Disabled => 0, FlashAttention.Enabled => 1, _ => -1 };
        parameters.KeyType = parameters.ValueType = GgmlType(settings.KvCacheType);
        parameters.OffloadKqv = parameters.OpOffload = (byte)(settings.UsesGpu ? 1 : 0);
        parameters.UnifiedKv = 1;

        var state = GCHandle.Alloc(callback);
        parameters.EvalCallback = GraphCallback.EvalFunction;
        parameters.EvalCallbackUserData = (void*)GCHandle.ToIntPtr(state);
        parameters.AbortCallback = GraphCallback.AbortFunction;
        parameters.AbortCallbackData = callback.AbortData;

        NativeLog.BeginErrors();
        var context = LlamaNative.llama_init_from_model(model.Handle.DangerousGetHandle(), buffer);
        var errors = NativeLog.EndErrors();
        if (context == 0)
        {
            state.Free();
            throw new LlamaModelException($"llama.cpp could not open a context of {settings.ContextSize} tokens for '{model.Path}'. It says: {(errors.Length > 0 ? errors : "nothing")}");
        }

        return new LlamaContext(new LlamaContextHandle(context, model.Handle, pool, state));
    }

    internal DecodeStatus Decode(TokenBatch batch) => (DecodeStatus)LlamaNative.llama_decode(_context, batch.Native);

    /// <summary>The logits of an output row; valid until the next decode.</summary>
    internal Span<float> Logits(int row, int vocabularySize)
    {
        var logits = LlamaNative.llama_get_logits_ith(_context, row);
        return logits is null ? [] : new Span<float>(logits, vocabularySize);
    }

    /// <summary>Forgets a sequence from a position on.</summary>
    /// <returns>Whether that was possible; recurrent states cannot forget only their end.</returns>
    internal bool Remove(int sequence, int from = 0) => LlamaNative.llama_memory_seq_rm(_memory, sequence, from, -1);

    /// <summary>The first position of a sequence that all layers still hold; layers with a sliding window give up what has left it.</summary>
    internal int FirstPosition(int sequence) => LlamaNative.llama_memory_seq_pos_min(_memory, sequence);

    /// <summary>Forgets everything. With <paramref name="wipe"/> the cached values are overwritten too: a NaN among them can reach other sequences even after removal.</summary>
    internal void Clear(bool wipe) => LlamaNative.llama_memory_clear(_memory, wipe);

    public void Dispose() => _handle.Dispose();

    private static int GgmlType(KvCacheType type) => type switch
    {
        KvCacheType.F32 => 0,
        KvCacheType.F16 => 1,
        KvCacheType.BF16 => 30,
        KvCacheType.Q8 => 8,
        KvCacheType.Q4 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
