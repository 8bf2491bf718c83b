using SemanticKernel.Steering.LlamaCpp.Interop;

namespace LLama.Native;

/// <summary>Stand-in.</summary>
public struct LLamaContextParams
{
    /// <summary>Tokens in the cache.</summary>
    public uint n_ctx;

    /// <summary>Tokens per decode.</summary>
    public uint n_batch;

    /// <summary>Tokens per graph.</summary>
    public uint n_ubatch;

    /// <summary>Sequences in the cache.</summary>
    public uint n_seq_max;

    /// <summary>Threads for single tokens.</summary>
    public int n_threads;

    /// <summary>Threads for several tokens.</summary>
    public int n_threads_batch;

    /// <summary>The eval callback.</summary>
    public IntPtr cb_eval;

    /// <summary>Its data.</summary>
    public IntPtr cb_eval_user_data;

    /// <summary>The abort callback.</summary>
    public IntPtr abort_callback;

    /// <summary>Its data.</summary>
    public IntPtr abort_callback_user_data;

    /// <summary>Whether all sequences share one cache.</summary>
    public bool kv_unified { readonly get; set; }

    /// <summary>llama.cpp's defaults.</summary>
    public static LLamaContextParams Default()
    {
        var buffer = NativeApi.llama_context_default_params();
        ref var native = ref ParamsBuffer.As<LlamaContextParams>(ref buffer);
        return new LLamaContextParams
        {
            n_ctx = native.ContextSize,
            n_batch = native.BatchSize,
            n_ubatch = native.MicroBatchSize,
            n_seq_max = native.MaxSequences,
            n_threads = native.Threads,
            n_threads_batch = native.BatchThreads,
            kv_unified = native.UnifiedKv != 0,
        };
    }

    internal readonly unsafe ParamsBuffer ToNative()
    {
        var buffer = NativeApi.llama_context_default_params();
        ref var native = ref ParamsBuffer.As<LlamaContextParams>(ref buffer);
        native.ContextSize = n_ctx;
        native.BatchSize = n_batch;
        native.MicroBatchSize = n_ubatch;
        native.MaxSequences = n_seq_max;
        native.Threads = n_threads;
        native.BatchThreads = n_threads_batch;
        native.EvalCallback = (delegate* unmanaged[Cdecl]<nint, byte, void*, byte>)cb_eval;
        native.EvalCallbackUserData = (void*)cb_eval_user_data;
        native.AbortCallback = (delegate* unmanaged[Cdecl]<void*, byte>)abort_callback;
        native.AbortCallbackData = (void*)abort_callback_user_data;
        native.UnifiedKv = kv_unified ? (byte)1 : (byte)0;
        return buffer;
    }
}
