using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SemanticKernel.Steering.Gguf;

/// <summary>Reads little-endian GGUF primitives and turns every overrun into a <see cref="GgufFormatException"/>.</summary>
internal sealed class GgufStreamReader(Stream stream, string path)
{
    private const int MaxDimensions = 4;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _chunk = new byte[1 << 16];

    internal ulong Position { get; private set; }

    internal ulong Length { get; } = (ulong)stream.Length;

    internal GgufFormatException Damaged(string what) => new($"'{path}' is damaged: {Printable.Of(what)}.");

    internal byte ReadByte() => Take(1)[0];

    internal ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    internal int ReadCount(int maximum, string what)
    {
        var count = ReadUInt64();
        return count <= (ulong)maximum ? (int)count : throw Damaged($"it claims {count} {what}");
    }

    internal int ReadDimensionCount()
    {
        var count = ReadUInt32();
        return count <= MaxDimensions ? (int)count : throw Damaged($"a tensor claims {count} dimensions");
    }

    internal string ReadString(int maximumBytes)
    {
        var length = ReadUInt64();
        if (length > (ulong)maximumBytes || length > Length - Position)
        {
            throw Damaged($"a text of {length} bytes does not fit");
        }

        var bytes = new byte[(int)length];
        Fill(bytes);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new GgufFormatException($"'{path}' is damaged: a text is not UTF-8.", exception);
        }
    }

    internal void HashString(IncrementalHash hash)
    {
        var length = Take(8);
        hash.AppendData(length);
        HashBytes(hash, BinaryPrimitives.ReadUInt64LittleEndian(length));
    }

    internal void HashBytes(IncrementalHash hash, UInt128 count)
    {
        if (count > Length - Position)
        {
            throw Damaged("a metadata array reaches beyond its end");
        }

        for (var left = (ulong)count; left > 0;)
        {
            var part = Take((int)Math.Min(left, (ulong)_chunk.Length));
            hash.AppendData(part);
            left -= (ulong)part.Length;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var part = _chunk.AsSpan(0, count);
        Fill(part);
        return part;
    }

    private void Fill(Span<byte> destination)
    {
        if ((ulong)destination.Length > Length - Position)
        {
            throw Damaged("it is cut short within its header");
        }

        stream.ReadExactly(destination);
        Position += (ulong)destination.Length;
    }
}
