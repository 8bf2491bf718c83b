using System.Text.Json;
using System.Text.Unicode;

namespace SemanticKernel.Steering;

/// <summary>The JSON header of a safetensors file.</summary>
internal sealed class TensorHeader
{
    private const string MetadataName = "__metadata__";
    private const int MaxDepth = 4;

    private TensorHeader(Dictionary<string, string> metadata, Dictionary<string, TensorEntry> tensors) =>
        (Metadata, Tensors) = (metadata, tensors.Values);

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public IReadOnlyCollection<TensorEntry> Tensors { get; }

    /// <exception cref="InvalidDataException">The header breaks a rule of the format.</exception>
    /// <exception cref="JsonException">The header is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A string holds half a surrogate pair.</exception>
    public static TensorHeader Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8[0] != '{' || !Utf8.IsValid(utf8))
        {
            throw new InvalidDataException("its header is not a JSON object in UTF-8");
        }

        Dictionary<string, string>? metadata = null;
        var tensors = new Dictionary<string, TensorEntry>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        json.Read();
        while (json.NextName() is { } name)
        {
            if (name == MetadataName ? metadata is not null : tensors.ContainsKey(name))
            {
                throw new InvalidDataException($"its header names '{name}' twice");
            }

            if (name == MetadataName)
            {
                metadata = ReadMetadata(ref json);
            }
            else
            {
                tensors.Add(name, ReadTensor(ref json, name));
            }
        }

        // White space may follow, anything else makes the reader throw.
        json.Read();
        return new TensorHeader(metadata ?? throw new InvalidDataException("its header has no __metadata__"), tensors);
    }

    private static Dictionary<string, string> ReadMetadata(ref Utf8JsonReader json)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        json.Expect(JsonTokenType.StartObject, MetadataName);
        while (json.NextName() is { } key)
        {
            if (!metadata.TryAdd(key, json.NextString(key)))
            {
                throw new InvalidDataException($"its metadata names '{key}' twice");
            }
        }

        return metadata;
    }

    private static TensorEntry ReadTensor(ref Utf8JsonReader json, string name)
    {
        string? type = null;
        ulong[]? shape = null;
        ulong[]? offsets = null;
        json.Expect(JsonTokenType.StartObject, name);
        while (json.NextName() is { } field)
        {
            switch (field)
            {
                case "dtype" when type is null:
                    type = json.NextString(field);
                    break;
                case "shape" when shape is null:
                    shape = json.NextNumbers(field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = json.NextNumbers(field);
                    break;
                default:
                    throw new InvalidDataException($"tensor '{name}' has an unknown or repeated field '{field}'");
            }
        }

        return type is not null && shape is not null && offsets is [var begin, var end]
            ? new TensorEntry(name, type, shape, begin, end)
            : throw new InvalidDataException($"tensor '{name}' lacks its dtype, shape or two data_offsets");
    }
}
