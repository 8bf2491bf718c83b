using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SemanticKernel.Steering.TestModels;

/// <summary>Writes safetensors files of 32-bit vectors. Only for little-endian machines. Not thread-safe.</summary>
public sealed class SafetensorsWriter
{
    private readonly Dictionary<string, object> _header = [];
    private readonly List<float> _values = [];

    /// <summary>Starts a file.</summary>
    /// <param name="metadata">What <c>__metadata__</c> holds.</param>
    public SafetensorsWriter(IReadOnlyDictionary<string, string> metadata) => _header.Add("__metadata__", metadata);

    /// <summary>Adds a vector.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="values">Its values; null adds nothing.</param>
    /// <returns>This writer.</returns>
    public SafetensorsWriter Add(string name, float[]? values)
    {
        if (values is not null)
        {
            _header.Add(name, new
            {
                dtype = "F32",
                shape = new[] { values.Length },
                data_offsets = new[] { sizeof(float) * _values.Count, sizeof(float) * (_values.Count + values.Length) },
            });
            _values.AddRange(values);
        }

        return this;
    }

    /// <summary>Writes the whole file into memory.</summary>
    /// <returns>The file's bytes.</returns>
    public byte[] ToBytes()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(_header);
        var bytes = new byte[sizeof(ulong) + header.Length + (sizeof(float) * _values.Count)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, sizeof(ulong));
        MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_values)).CopyTo(bytes.AsSpan(sizeof(ulong) + header.Length));
        return bytes;
    }
}
