namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Finds options that changed but are read only once.</summary>
internal static class RestartKeys
{
    private static readonly (string Key, Func<SteeredLlamaOptions, object?> Read)[] Keys =
    [
        (nameof(SteeredLlamaOptions.ModelId), options => options.ModelId),
        (nameof(SteeredLlamaOptions.ModelPath), options => options.ModelPath),
        (nameof(SteeredLlamaOptions.ContextSize), options => options.ContextSize),
        (nameof(SteeredLlamaOptions.AllowContextBeyondTraining), options => options.AllowContextBeyondTraining),
        (nameof(SteeredLlamaOptions.BatchSize), options => options.BatchSize),
        (nameof(SteeredLlamaOptions.MaxConcurrentRequests), options => options.MaxConcurrentRequests),
        (nameof(SteeredLlamaOptions.MaxQueuedRequests), options => options.MaxQueuedRequests),
        (nameof(SteeredLlamaOptions.CacheSize), options => options.CacheSize),
        (nameof(SteeredLlamaOptions.RequestTimeout), options => options.RequestTimeout),
        (nameof(SteeredLlamaOptions.FirstTokenTimeout), options => options.FirstTokenTimeout),
        (nameof(SteeredLlamaOptions.Threads), options => options.Threads),
        (nameof(SteeredLlamaOptions.GpuLayers), options => options.GpuLayers),
        (nameof(SteeredLlamaOptions.AllowCpuFallback), options => options.AllowCpuFallback),
        (nameof(SteeredLlamaOptions.KvCacheType), options => options.KvCacheType),
        (nameof(SteeredLlamaOptions.FlashAttention), options => options.FlashAttention),
        (nameof(SteeredLlamaOptions.Seed), options => options.Seed),
        (nameof(SteeredLlamaOptions.MemoryMap), options => options.MemoryMap),
        (nameof(SteeredLlamaOptions.MemoryLock), options => options.MemoryLock),
        (nameof(SteeredLlamaOptions.NativeLibraryPath), options => options.NativeLibraryPath),
        (nameof(SteeredLlamaOptions.ChatTemplate), options => options.ChatTemplate),
        (nameof(SteeredLlamaOptions.AllowOtherChatTemplate), options => options.AllowOtherChatTemplate),
        (nameof(SteeredLlamaOptions.AllowOtherQuantization), options => options.AllowOtherQuantization),
    ];

    internal static IEnumerable<string> FindChanged(SteeredLlamaOptions before, SteeredLlamaOptions after) =>
        Keys.Where(key => !Equals(key.Read(before), key.Read(after))).Select(key => key.Key);
}
