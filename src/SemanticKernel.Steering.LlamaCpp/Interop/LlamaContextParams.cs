using System.Runtime.InteropServices;

namespace SemanticKernel.Steering.LlamaCpp.Interop;

/// <summary><c>struct llama_context_params</c> of llama.cpp b10361 to v0.5.x: the fields this library reads or sets.</summary>
[StructLayout(LayoutKind.Explicit, Size = 160)]
internal unsafe struct LlamaContextParams
{
    [FieldOffset(0)] internal uint ContextSize;
    [FieldOffset(4)] internal uint BatchSize;
    [FieldOffset(8)] internal uint MicroBatchSize;
    [FieldOffset(12)] internal uint MaxSequences;
    [FieldOffset(20)] internal uint MaxOutputs;
    [FieldOffset(24)] internal uint MaxOutputsPerSequence;
    [FieldOffset(28)] internal int Threads;
    [FieldOffset(32)] internal int BatchThreads;
    [FieldOffset(52)] internal int FlashAttention;
    [FieldOffset(56)] internal float RopeFrequencyBase;
    [FieldOffset(64)] internal float YarnExtFactor;
    [FieldOffset(68)] internal float YarnAttnFactor;
    [FieldOffset(72)] internal float YarnBetaFast;
    [FieldOffset(76)] internal float YarnBetaSlow;
    [FieldOffset(88)] internal delegate* unmanaged[Cdecl]<nint, byte, void*, byte> EvalCallback;
    [FieldOffset(96)] internal void* EvalCallbackUserData;
    [FieldOffset(104)] internal int KeyType;
    [FieldOffset(108)] internal int ValueType;
    [FieldOffset(112)] internal delegate* unmanaged[Cdecl]<void*, byte> AbortCallback;
    [FieldOffset(120)] internal void* AbortCallbackData;
    [FieldOffset(128)] internal byte Embeddings;
    [FieldOffset(129)] internal byte OffloadKqv;
    [FieldOffset(130)] internal byte NoPerf;
    [FieldOffset(131)] internal byte OpOffload;
    [FieldOffset(132)] internal byte SlidingWindowFull;
    [FieldOffset(133)] internal byte UnifiedKv;
}
