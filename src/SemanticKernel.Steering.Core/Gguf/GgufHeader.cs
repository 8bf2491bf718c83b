using System.Numerics;
using System.Security.Cryptography;

namespace SemanticKernel.Steering.Gguf;

/// <summary>
/// The header of a GGUF file: metadata and tensor list. Files are untrusted: every length is checked against the file
/// before anything is allocated for it, and the data of every tensor must lie within the file.
/// </summary>
/// <remarks>Scalars and strings are kept; arrays are kept as the SHA-256 of their bytes, which is all that is asked of them.</remarks>
internal sealed class GgufHeader
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const ulong DefaultAlignment = 32;
    private const ulong MaxAlignment = 1 << 20;
    private const int MaxEntries = 1 << 20;
    private const int MaxKeptStringBytes = 1 << 20;
    private const int MaxNesting = 4;

    private GgufHeader(IReadOnlyDictionary<string, object> metadata, IReadOnlyList<GgufTensor> tensors, ulong dataStart, ulong alignment)
    {
        Metadata = metadata;
        Tensors = tensors;
        DataStart = dataStart;
        Alignment = alignment;
    }

    /// <summary>Values by key: <see cref="string"/>, <see cref="ulong"/>, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, or <see cref="GgufArray"/>.</summary>
    internal IReadOnlyDictionary<string, object> Metadata { get; }

    internal IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Where the data of the first tensor lies, in bytes from the start of the file.</summary>
    internal ulong DataStart { get; }

    /// <summary>What the data of every tensor is padded to, in bytes: a power of two.</summary>
    internal ulong Alignment { get; }

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GgufFormatException">The file is no GGUF file, or is damaged or cut short.</exception>
    internal static GgufHeader Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return Read(stream, path);
    }

    /// <summary>Reads the header of a file that starts where the stream does.</summary>
    /// <param name="stream">The whole file; must know its length.</param>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="GgufFormatException">The file is no GGUF file, or is damaged or cut short.</exception>
    internal static GgufHeader Read(Stream stream, string name)
    {
        var reader = new GgufStreamReader(stream, name);
        if (stream.Length < 24 || reader.ReadUInt32() != Magic)
        {
            throw new GgufFormatException($"'{name}' is not a GGUF file (it does not start with the letters GGUF). Models for llama.cpp end in .gguf.");
        }

        var version = reader.ReadUInt32();
        if (version is not (2 or 3))
        {
            throw new GgufFormatException($"'{name}' is a GGUF file of version {version}; versions 2 and 3 are supported.");
        }

        var tensorCount = reader.ReadCount(MaxEntries, "tensors");
        var keyCount = reader.ReadCount(MaxEntries, "metadata entries");
        var metadata = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < keyCount; i++)
        {
            var key = reader.ReadString(MaxKeptStringBytes);
            if (!metadata.TryAdd(key, ReadValue(reader, (GgufValueType)reader.ReadUInt32())))
            {
                throw reader.Damaged($"the metadata key '{key}' stands twice");
            }
        }

        var tensors = ReadTensors(reader, tensorCount);
        var alignment = ReadAlignment(reader, metadata);
        var start = (reader.Position + alignment - 1) / alignment * alignment;
        Place(reader, tensors, start);
        return new GgufHeader(metadata, tensors, start, alignment);
    }

    private static List<GgufTensor> ReadTensors(GgufStreamReader reader, int count)
    {
        var tensors = new List<GgufTensor>();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString(MaxKeptStringBytes);
            var dimensions = new ulong[reader.ReadDimensionCount()];
            ulong elements = 1;
            for (var d = 0; d < dimensions.Length; d++)
            {
                dimensions[d] = reader.ReadUInt64();
                if (dimensions[d] != 0 && elements > (ulong)long.MaxValue / dimensions[d])
                {
                    throw reader.Damaged($"tensor '{name}' has impossible dimensions");
                }

                elements *= dimensions[d];
            }

            var type = reader.ReadUInt32();
            tensors.Add(new GgufTensor(name, type, dimensions, reader.ReadUInt64(), GgmlTypeSizes.SizeOf(type, elements)));
        }

        return tensors;
    }

    private static ulong ReadAlignment(GgufStreamReader reader, Dictionary<string, object> metadata) => metadata.GetValueOrDefault("general.alignment", DefaultAlignment) switch
    {
        ulong alignment and <= MaxAlignment when BitOperations.IsPow2(alignment) => alignment,
        var other => throw reader.Damaged($"general.alignment is {other}, which is no small power of two"),
    };

    /// <summary>Makes offsets count from the start of the file.</summary>
    private static void Place(GgufStreamReader reader, List<GgufTensor> tensors, ulong start)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            var end = (UInt128)start + tensor.Offset + (tensor.Size ?? 0);
            if (end > reader.Length)
            {
                throw reader.Damaged($"it is cut short: tensor '{tensor.Name}' ends at byte {end}, the file at byte {reader.Length}");
            }

            tensors[i] = tensor with { Offset = start + tensor.Offset };
        }
    }

    private static object ReadValue(GgufStreamReader reader, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 => (ulong)reader.ReadByte(),
        GgufValueType.Int8 => (long)(sbyte)reader.ReadByte(),
        GgufValueType.UInt16 => (ulong)reader.ReadUInt16(),
        GgufValueType.Int16 => (long)(short)reader.ReadUInt16(),
        GgufValueType.UInt32 => (ulong)reader.ReadUInt32(),
        GgufValueType.Int32 => (long)(int)reader.ReadUInt32(),
        GgufValueType.UInt64 => reader.ReadUInt64(),
        GgufValueType.Int64 => (long)reader.ReadUInt64(),
        GgufValueType.Float32 => (double)BitConverter.UInt32BitsToSingle(reader.ReadUInt32()),
        GgufValueType.Float64 => BitConverter.UInt64BitsToDouble(reader.ReadUInt64()),
        GgufValueType.Bool => reader.ReadByte() != 0,
        GgufValueType.String => reader.ReadString(MaxKeptStringBytes),
        GgufValueType.Array => ReadArray(reader),
        _ => throw reader.Damaged($"unknown metadata type {(uint)type}"),
    };

    private static GgufArray ReadArray(GgufStreamReader reader)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = SkipArray(reader, hash, 0);
        return new GgufArray(count, Sha256.Hex(hash.GetHashAndReset()));
    }

    private static ulong SkipArray(GgufStreamReader reader, IncrementalHash hash, int depth)
    {
        if (depth == MaxNesting)
        {
            throw reader.Damaged("metadata arrays are nested too deeply");
        }

        var type = (GgufValueType)reader.ReadUInt32();
        var count = reader.ReadUInt64();
        switch (type)
        {
            case GgufValueType.String:
                for (ulong i = 0; i < count; i++)
                {
                    reader.HashString(hash);
                }

                break;
            case GgufValueType.Array:
                for (ulong i = 0; i < count; i++)
                {
                    SkipArray(reader, hash, depth + 1);
                }

                break;
            default:
                reader.HashBytes(hash, (UInt128)count * SizeOf(reader, type));
                break;
        }

        return count;
    }

    private static ulong SizeOf(GgufStreamReader reader, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => throw reader.Damaged($"unknown array type {(uint)type}"),
    };
}
