using System.Runtime.InteropServices;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;

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
        var state = GCHandle.Alloc(callback);
        LlamaContextHandle handle;
        try
        {
            handle = model.Runtime.OpenContext(model, settings, GCHandle.ToIntPtr(state));
        }
        catch
        {
            state.Free();
            throw;
        }

        handle.Attach(model.Handle, pool, state);
        return new LlamaContext(handle);
    }

    internal DecodeStatus Decode(TokenBatch batch) => _handle.Decode(batch);

    /// <summary>The logits of an output row; valid until the next decode.</summary>
    internal Span<float> Logits(int row, int vocabularySize)
    {
        var logits = LlamaNative.llama_get_logits_ith(_context, row);
        return logits is null ? [] : new Span<float>(logits, vocabularySize);
    }

    /// <summary>Forgets a sequence from a position on.</summary>
    /// <returns>Whether that was possible; recurrent states cannot forget only their end.</returns>
    internal bool Remove(int sequence, int from = 0) => LlamaNative.llama_memory_seq_rm(_memory, sequence, from, -1);

    /// <summary>Gives an empty sequence the first tokens of another. The cache holds them once, for both.</summary>
    internal void Share(int source, int destination, int count) => LlamaNative.llama_memory_seq_cp(_memory, source, destination, 0, count);

    /// <summary>The first position of a sequence that all layers still hold; layers with a sliding window give up what has left it.</summary>
    internal int FirstPosition(int sequence) => LlamaNative.llama_memory_seq_pos_min(_memory, sequence);

    /// <summary>Forgets everything. With <paramref name="wipe"/> the cached values are overwritten too: a NaN among them can reach other sequences even after removal.</summary>
    internal void Clear(bool wipe) => LlamaNative.llama_memory_clear(_memory, wipe);

    public void Dispose() => _handle.Dispose();
}
