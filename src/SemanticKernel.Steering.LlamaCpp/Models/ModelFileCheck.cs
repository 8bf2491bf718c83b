using SemanticKernel.Steering.Gguf;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>
/// Refuses model files whose header would make llama.cpp end the process: it asserts on some values instead of reporting
/// them. What llama.cpp reports itself is left to it.
/// </summary>
internal static class ModelFileCheck
{
    private const ulong MaxLayers = 512; // LLAMA_MAX_LAYERS

    // Far above any model, far below what overflows a size computed from it.
    private const ulong MaxDimension = 1 << 24;

    private static readonly string[] Counts = ["embedding_length", "context_length"];

    private static readonly string[] Epsilons = ["attention.layer_norm_epsilon", "attention.layer_norm_rms_epsilon"];

    /// <exception cref="GgufFormatException">The file is no GGUF file, is damaged, or claims impossible dimensions.</exception>
    internal static void Check(string path)
    {
        var metadata = GgufHeader.Read(path).Metadata;
        if (metadata.GetValueOrDefault("general.architecture") is not string architecture)
        {
            throw new GgufFormatException($"'{path}' does not say which architecture it holds (general.architecture).");
        }

        TokenTextCheck.Check(path);
        Require(path, metadata, $"{architecture}.block_count", MaxLayers);
        foreach (var count in Counts)
        {
            Require(path, metadata, $"{architecture}.{count}", MaxDimension);
        }

        RequireAtMost(path, metadata, $"{architecture}.attention.head_count", $"{architecture}.embedding_length");
        RequireAtMost(path, metadata, $"{architecture}.rope.dimension_count", $"{architecture}.attention.key_length");
        foreach (var key in Epsilons.Select(name => $"{architecture}.{name}"))
        {
            if (metadata.TryGetValue(key, out var value) && value is not (double and >= 0 and <= 1))
            {
                throw new GgufFormatException($"'{path}' is damaged: {key} is {value}, which is no number from 0 to 1.");
            }
        }
    }

    /// <summary>Values per layer are arrays, of which nothing but the hash is known here.</summary>
    private static void Require(string path, IReadOnlyDictionary<string, object> metadata, string key, ulong highest)
    {
        if (metadata.TryGetValue(key, out var value) && value is not GgufArray && !(ToCount(value) is { } count && count >= 1 && count <= highest))
        {
            throw new GgufFormatException($"'{path}' is damaged: {key} is {value}, which is no number from 1 to {highest}.");
        }
    }

    private static void RequireAtMost(string path, IReadOnlyDictionary<string, object> metadata, string key, string limitKey)
    {
        if (ToCount(metadata.GetValueOrDefault(key)) is { } count && ToCount(metadata.GetValueOrDefault(limitKey)) is { } limit && count > limit)
        {
            throw new GgufFormatException($"'{path}' is damaged: {key} is {count}, but {limitKey} is only {limit}.");
        }
    }

    private static ulong? ToCount(object? value) => value switch
    {
        ulong number => number,
        long and >= 0 and var number => (ulong)number,
        _ => null,
    };
}
