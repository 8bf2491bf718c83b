using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SemanticKernel.Steering.Gguf;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>
/// Tells models apart for their map sets. The base hash covers architecture, dimensions and tokenizer and is the same for
/// all quantizations of a model; the weights hash covers the tensor list and bytes sampled from every tensor.
/// </summary>
internal static class ModelFingerprint
{
    private const int SampleBytes = 64;

    private static readonly string[] Dimensions = ["embedding_length", "block_count", "feed_forward_length", "attention.head_count", "attention.head_count_kv"];

    private static readonly string[] Tokenizer = ["tokenizer.ggml.model", "tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "tokenizer.ggml.merges", "tokenizer.ggml.scores"];

    internal static ModelIdentity Read(string path, int width, int layers)
    {
        var header = GgufHeader.Read(path);
        var architecture = header.Metadata.GetValueOrDefault("general.architecture") as string
            ?? throw new GgufFormatException($"'{path}' does not say which architecture it holds (general.architecture).");
        var name = header.Metadata.GetValueOrDefault("general.name") as string ?? Path.GetFileNameWithoutExtension(path);
        return new ModelIdentity(architecture, name, width, layers, HashBase(header, architecture), HashWeights(path, header));
    }

    private static string HashBase(GgufHeader header, string architecture)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "steering.model-base/1", architecture);
        foreach (var key in Dimensions.Select(dimension => $"{architecture}.{dimension}").Concat(Tokenizer))
        {
            Append(hash, key, header.Metadata.GetValueOrDefault(key) switch
            {
                GgufArray array => array.Hash,
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                var other => other?.ToString() ?? string.Empty,
            });
        }

        return Sha256.Hex(hash.GetHashAndReset());
    }

    private static string HashWeights(string path, GgufHeader header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "steering.model-weights/1", string.Empty);
        AppendTensors(hash, path, header);
        foreach (var part in OtherParts(path, header))
        {
            AppendTensors(hash, part, GgufHeader.Read(part));
        }

        return Sha256.Hex(hash.GetHashAndReset());
    }

    private static void AppendTensors(IncrementalHash hash, string path, GgufHeader header)
    {
        using var file = File.OpenHandle(path);
        Span<byte> sample = stackalloc byte[SampleBytes];
        foreach (var tensor in header.Tensors)
        {
            Append(hash, tensor.Name, $"{tensor.Type}:{string.Join('x', tensor.Dimensions)}");
            var size = (long)(tensor.Size ?? 0);
            foreach (var position in new[] { 0, size / 2, Math.Max(0, size - SampleBytes) })
            {
                var wanted = (int)Math.Min(SampleBytes, size - position);
                hash.AppendData(sample[..RandomAccess.Read(file, sample[..wanted], (long)tensor.Offset + position)]);
            }
        }
    }

    /// <summary>The other files of a split model: <c>name-00002-of-00003.gguf</c> and so on.</summary>
    internal static IEnumerable<string> OtherParts(string path, GgufHeader header)
    {
        var count = header.Metadata.GetValueOrDefault("split.count") is ulong parts and > 1 and <= 99_999 ? (int)parts : 1;
        var suffix = $"-00001-of-{count:D5}.gguf";
        return count > 1 && path.EndsWith(suffix, StringComparison.Ordinal)
            ? Enumerable.Range(2, count - 1).Select(number => $"{path[..^suffix.Length]}-{number:D5}-of-{count:D5}.gguf")
            : [];
    }

    private static void Append(IncrementalHash hash, string key, string value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in (ReadOnlySpan<string>)[key, value])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
