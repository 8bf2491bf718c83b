using System.Buffers.Binary;
using System.Security.Cryptography;
using SemanticKernel.Steering.Gguf;

namespace SemanticKernel.Steering.LlamaCpp.Models;

/// <summary>
/// Refuses vocabularies in which two tokens have the same text, as a flipped bit makes them: llama.cpp asserts that there
/// are none and ends the process. Reads the metadata up to the token texts, after <c>GgufHeader</c> has found it sound.
/// </summary>
internal sealed class TokenTextCheck : IDisposable
{
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const int MaxKeyBytes = 1 << 20;
    private const int EmptyBytes = sizeof(ulong);

    private readonly FileStream _stream;
    private readonly GgufStreamReader _reader;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5); // Tells texts apart; protects nothing.

    private TokenTextCheck(string path)
    {
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        _reader = new GgufStreamReader(_stream, path);
    }

    /// <exception cref="GgufFormatException">Two tokens have the same text.</exception>
    internal static void Check(string path)
    {
        using var check = new TokenTextCheck(path);
        check.Run();
    }

    public void Dispose()
    {
        _hash.Dispose();
        _stream.Dispose();
    }

    private void Run()
    {
        _reader.ReadUInt64(); // magic and version
        _reader.ReadUInt64(); // tensors
        for (var left = _reader.ReadUInt64(); left > 0; left--)
        {
            var key = _reader.ReadString(MaxKeyBytes);
            var type = (GgufValueType)_reader.ReadUInt32();
            if (key == TokensKey && type == GgufValueType.Array)
            {
                CheckTokens();
                return;
            }

            Skip(type);
        }
    }

    private void CheckTokens()
    {
        if ((GgufValueType)_reader.ReadUInt32() != GgufValueType.String)
        {
            throw _reader.Damaged($"{TokensKey} holds no texts");
        }

        var seen = new HashSet<UInt128>();
        var count = _reader.ReadUInt64();
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        for (ulong i = 0; i < count; i++)
        {
            var start = _reader.Position;
            _reader.HashString(_hash);
            _hash.GetHashAndReset(digest);

            // llama.cpp gives empty texts a name of their own.
            if (_reader.Position - start > EmptyBytes && !seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(digest)))
            {
                throw _reader.Damaged($"token {i} of its vocabulary has the same text as one before it");
            }
        }
    }

    private void Skip(GgufValueType type)
    {
        SkipValues(type, 1);
        _hash.GetHashAndReset();
    }

    private void SkipValues(GgufValueType type, ulong count)
    {
        if (type is not (GgufValueType.String or GgufValueType.Array))
        {
            _reader.HashBytes(_hash, count * SizeOf(type));
            return;
        }

        for (; count > 0; count--)
        {
            if (type == GgufValueType.String)
            {
                _reader.HashString(_hash);
            }
            else
            {
                SkipValues((GgufValueType)_reader.ReadUInt32(), _reader.ReadUInt64());
            }
        }
    }

    private UInt128 SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => throw _reader.Damaged($"unknown metadata type {(uint)type}"),
    };
}
