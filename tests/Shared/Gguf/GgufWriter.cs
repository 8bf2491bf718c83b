using System.Runtime.InteropServices;
using System.Text;

namespace SemanticKernel.Steering.TestModels;

/// <summary>Writes GGUF files of version 3: metadata and tensors in the order they were added, aligned to 32 bytes.</summary>
/// <remarks>Only for little-endian machines, like the files themselves. Not thread-safe.</remarks>
public sealed class GgufWriter
{
    private const int Alignment = 32;

    private readonly List<(string Key, Action<BinaryWriter> Write)> _metadata = [];
    private readonly List<GgufTensor> _tensors = [];

    /// <summary>Adds a number or a truth value.</summary>
    /// <typeparam name="T">One of the ten numeric types of GGUF (8 to 64 bits), or <see cref="bool"/>.</typeparam>
    /// <param name="key">The metadata key.</param>
    /// <param name="value">The value, stored as its own type.</param>
    /// <returns>This writer.</returns>
    /// <exception cref="NotSupportedException">GGUF has no such type.</exception>
    public GgufWriter Add<T>(string key, T value)
        where T : unmanaged
    {
        var type = TypeOf<T>();
        _metadata.Add((key, writer =>
        {
            writer.Write((int)type);
            writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        }));
        return this;
    }

    /// <summary>Adds a string.</summary>
    /// <param name="key">The metadata key.</param>
    /// <param name="value">The text, stored as UTF-8.</param>
    /// <returns>This writer.</returns>
    public GgufWriter Add(string key, string value)
    {
        _metadata.Add((key, writer =>
        {
            writer.Write((int)GgufValueType.String);
            WriteString(writer, value);
        }));
        return this;
    }

    /// <summary>Adds an array of numbers or truth values.</summary>
    /// <typeparam name="T">The element type, as for <see cref="Add{T}(string, T)"/>.</typeparam>
    /// <param name="key">The metadata key.</param>
    /// <param name="values">The elements; not copied.</param>
    /// <returns>This writer.</returns>
    /// <exception cref="NotSupportedException">GGUF has no such type.</exception>
    public GgufWriter AddArray<T>(string key, T[] values)
        where T : unmanaged
    {
        var type = TypeOf<T>();
        _metadata.Add((key, writer =>
        {
            WriteArrayHeader(writer, type, values.Length);
            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }));
        return this;
    }

    /// <summary>Adds an array of strings.</summary>
    /// <param name="key">The metadata key.</param>
    /// <param name="values">The elements; not copied.</param>
    /// <returns>This writer.</returns>
    public GgufWriter AddArray(string key, IReadOnlyList<string> values)
    {
        _metadata.Add((key, writer =>
        {
            WriteArrayHeader(writer, GgufValueType.String, values.Count);
            foreach (var value in values)
            {
                WriteString(writer, value);
            }
        }));
        return this;
    }

    /// <summary>Adds a tensor whose values are made while the file is written.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">How values are stored.</param>
    /// <param name="shape">The sizes, fastest-running first: a matrix is (inputs, outputs).</param>
    /// <param name="fill">Writes all values into the span it is given, which holds zeros.</param>
    /// <param name="runLength">After how many values they repeat: only so many are asked of <paramref name="fill"/>.</param>
    /// <returns>This writer.</returns>
    public GgufWriter AddTensor(string name, GgufTensorType type, IReadOnlyList<int> shape, Action<Span<float>> fill, int runLength = int.MaxValue)
    {
        _tensors.Add(new GgufTensor(name, type, shape, fill, runLength));
        return this;
    }

    /// <summary>Writes the file, replacing one that exists.</summary>
    /// <param name="path">The file to write.</param>
    public void Write(string path)
    {
        using var stream = File.Create(path);
        Write(stream);
    }

    /// <summary>Writes the file's bytes to a stream, one tensor at a time.</summary>
    /// <param name="stream">The stream to write to; stays open and need not be seekable.</param>
    public void Write(Stream stream)
    {
        using var counter = new MemoryStream();
        using (var header = new BinaryWriter(counter, Encoding.UTF8, leaveOpen: true))
        {
            WriteHeader(header);
        }

        counter.WriteTo(stream);
        WritePadding(stream, counter.Length);
        foreach (var tensor in _tensors)
        {
            WriteTensor(stream, tensor);
            WritePadding(stream, tensor.ByteCount);
        }
    }

    private static GgufValueType TypeOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Byte => GgufValueType.UInt8,
        TypeCode.SByte => GgufValueType.Int8,
        TypeCode.UInt16 => GgufValueType.UInt16,
        TypeCode.Int16 => GgufValueType.Int16,
        TypeCode.UInt32 => GgufValueType.UInt32,
        TypeCode.Int32 => GgufValueType.Int32,
        TypeCode.UInt64 => GgufValueType.UInt64,
        TypeCode.Int64 => GgufValueType.Int64,
        TypeCode.Single => GgufValueType.Float32,
        TypeCode.Double => GgufValueType.Float64,
        TypeCode.Boolean => GgufValueType.Bool,
        _ => throw new NotSupportedException($"GGUF metadata cannot hold a value of type {typeof(T)}."),
    };

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void WritePadding(Stream stream, long length)
    {
        Span<byte> zeros = stackalloc byte[Alignment];
        zeros.Clear();
        stream.Write(zeros[..(int)(Padded(length) - length)]);
    }

    private static void WriteString(BinaryWriter writer, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteArrayHeader(BinaryWriter writer, GgufValueType elements, int count)
    {
        writer.Write((int)GgufValueType.Array);
        writer.Write((int)elements);
        writer.Write((long)count);
    }

    private static void WriteTensor(Stream stream, GgufTensor tensor)
    {
        var values = new float[Math.Min(tensor.ElementCount, tensor.RunLength)];
        tensor.Fill(values);
        var run = tensor.Type == GgufTensorType.F32
            ? MemoryMarshal.AsBytes(values.AsSpan())
            : MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan());
        for (var left = tensor.ByteCount; left > 0; left -= run.Length)
        {
            stream.Write(run[..Math.Min(left, run.Length)]);
        }
    }

    private void WriteHeader(BinaryWriter writer)
    {
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write((long)_tensors.Count);
        writer.Write((long)_metadata.Count);
        foreach (var (key, write) in _metadata)
        {
            WriteString(writer, key);
            write(writer);
        }

        var offset = 0L;
        foreach (var tensor in _tensors)
        {
            WriteString(writer, tensor.Name);
            writer.Write(tensor.Shape.Count);
            foreach (var size in tensor.Shape)
            {
                writer.Write((long)size);
            }

            writer.Write((int)tensor.Type);
            writer.Write(offset);
            offset += Padded(tensor.ByteCount);
        }
    }
}
