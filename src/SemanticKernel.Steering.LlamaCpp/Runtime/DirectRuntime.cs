using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Interop.Handles;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Runtime;

/// <summary>llama.cpp loaded and called by this library.</summary>
internal sealed unsafe class DirectRuntime : ILlamaRuntime
{
    private DirectRuntime()
    {
    }

    internal static DirectRuntime Instance { get; } = new();

    public bool DecodesTakeTurns => false;

    public LlamaLibrary LoadLibrary(ModelSettings settings, ILogger logger) => LlamaLibrary.Load(settings.NativeLibraryPath, logger);

    public LlamaModelHandle OpenModel(ModelSettings settings, LlamaLibrary library, IProgress<float>? progress, CancellationToken cancellationToken) =>
        ModelLoader.Load(settings, library, progress, cancellationToken);

    public LlamaContextHandle OpenContext(LlamaModel model, ContextSettings settings, nint callback)
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
        parameters.EvalCallback = GraphCallback.EvalFunction;
        parameters.EvalCallbackUserData = (void*)callback;
        parameters.AbortCallback = GraphCallback.AbortFunction;
        parameters.AbortCallbackData = (void*)callback;

        NativeLog.BeginErrors(opensContext: true);
        var context = LlamaNative.llama_init_from_model(model.Handle.DangerousGetHandle(), buffer);
        var errors = NativeLog.EndErrors();
        return context != 0
            ? new DirectContextHandle(context)
            : throw new LlamaModelException($"llama.cpp could not open a context of {settings.ContextSize} tokens for '{model.Path}'. It says: {(errors.Length > 0 ? errors : "nothing")}");
    }

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
