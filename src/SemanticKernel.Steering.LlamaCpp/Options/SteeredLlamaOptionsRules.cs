namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>Checks options that can be judged without the model.</summary>
internal static class SteeredLlamaOptionsRules
{
    private const int MaxSequences = 256; // LLAMA_MAX_SEQ
    private const int MaxThreads = 512; // GGML_MAX_N_THREADS

    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <exception cref="ArgumentException">A value cannot be used; the message names the option.</exception>
    internal static void Check(SteeredLlamaOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ModelPath))
        {
            throw new ArgumentException("ModelPath is not set. Set it to the path of a GGUF model file.", nameof(options));
        }

        foreach (var (option, mistake) in FindMistakes(options))
        {
            throw new ArgumentException($"{option} {mistake}.", nameof(options));
        }
    }

    /// <summary>Finds all values that cannot be used.</summary>
    internal static IEnumerable<(string Option, string Mistake)> FindMistakes(SteeredLlamaOptions options) => new[]
    {
        (nameof(options.ContextSize), CheckRange(options.ContextSize, 1, int.MaxValue)),
        (nameof(options.BatchSize), CheckRange(options.BatchSize, 1, 1 << 16)),
        (nameof(options.MaxConcurrentRequests), CheckRange(options.MaxConcurrentRequests, 1, MaxSequences)),
        (nameof(options.MaxQueuedRequests), CheckRange(options.MaxQueuedRequests, 0, int.MaxValue / 2)),
        (nameof(options.CacheSize), CheckRange(options.CacheSize, 1, int.MaxValue)),
        (nameof(options.RequestTimeout), CheckPositive(options.RequestTimeout)),
        (nameof(options.FirstTokenTimeout), CheckPositive(options.FirstTokenTimeout)),
        (nameof(options.Threads), CheckRange(options.Threads, 1, MaxThreads)),
        (nameof(options.GpuLayers), CheckRange(options.GpuLayers, -1, int.MaxValue)),
        (nameof(options.KvCacheType), CheckDefined(options.KvCacheType)),
        (nameof(options.FlashAttention), CheckDefined(options.FlashAttention)),
        (nameof(options.PolicyViolation), CheckDefined(options.PolicyViolation)),
        (nameof(options.KvCacheType), options.KvCacheType is KvCacheType.Q8 or KvCacheType.Q4 && options.FlashAttention == FlashAttention.Disabled
            ? $"{options.KvCacheType} needs flash attention, but FlashAttention is Disabled" : null),
    }.Where(check => check.Item2 is not null).Select(check => (check.Item1, check.Item2!));

    private static string? CheckRange(int? value, int lowest, int highest) =>
        value < lowest || value > highest ? $"is {value}; it must be between {lowest} and {highest}" : null;

    private static string? CheckDefined<T>(T value) where T : struct, Enum =>
        Enum.IsDefined(value) ? null : $"is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}";

    private static string? CheckPositive(TimeSpan? value) =>
        value <= TimeSpan.Zero || value > LongestTimer ? $"is {value}; it must be longer than nothing and at most {LongestTimer}. Leave it out for no limit" : null;
}
