using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SemanticKernel.Steering.LlamaCpp.States;

/// <summary>
/// The file of a saved conversation: magic, version and length of the header; the header with identity, tokens and effects, and
/// its code; the values, and their code. The codes are HMAC-SHA256 under the application's key, the second over the first as
/// well, so that nothing can be changed or exchanged. Nothing is read before its code was checked but what bounds the reading.
/// All numbers are little-endian.
/// </summary>
internal static class StateEnvelope
{
    internal const int ShortestKey = 32;

    private const int Version = 1;
    private const int CodeBytes = 32;
    private const int MostIdentityBytes = 4096;
    private const int BytesPerToken = sizeof(int) + sizeof(ulong);

    private static readonly byte[] Magic = "STEERCNV"u8.ToArray();
    private static readonly int StartBytes = Magic.Length + sizeof(int) + sizeof(int);

    internal static async Task WriteAsync(Stream destination, ReadOnlyMemory<byte> key, StateIdentity identity, SavedPrefix prefix, CancellationToken cancellationToken)
    {
        var header = Header(identity, prefix);
        var code = Code(key.Span, header);
        await destination.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        await destination.WriteAsync(code, cancellationToken).ConfigureAwait(false);
        await destination.WriteAsync(prefix.Values, cancellationToken).ConfigureAwait(false);
        await destination.WriteAsync(Code(key.Span, code, prefix.Values), cancellationToken).ConfigureAwait(false);
    }

    /// <param name="source">Where the file begins.</param>
    /// <param name="key">The key it was saved with.</param>
    /// <param name="identity">What it must have been saved for.</param>
    /// <param name="mostTokens">The most tokens it may hold.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ConversationStateException">It is damaged, cut short, of another key, or of another model or setting.</exception>
    internal static async Task<SavedPrefix> ReadAsync(
        Stream source, ReadOnlyMemory<byte> key, StateIdentity identity, int mostTokens, CancellationToken cancellationToken)
    {
        var start = await ReadExactlyAsync(source, StartBytes, cancellationToken).ConfigureAwait(false);
        var length = CheckStart(start, mostTokens);
        byte[] header = [.. start, .. await ReadExactlyAsync(source, length, cancellationToken).ConfigureAwait(false)];
        var code = await ReadExactlyAsync(source, CodeBytes, cancellationToken).ConfigureAwait(false);
        Check(code, Code(key.Span, header));
        var (tokens, effects, size) = ReadHeader(header, identity, mostTokens);
        var values = await ReadExactlyAsync(source, size, cancellationToken).ConfigureAwait(false);
        Check(await ReadExactlyAsync(source, CodeBytes, cancellationToken).ConfigureAwait(false), Code(key.Span, code, values));
        return new SavedPrefix(tokens, effects, values);
    }

    private static byte[] Header(StateIdentity identity, SavedPrefix prefix)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(0);
        identity.Write(writer);
        writer.Write(prefix.Values.Length);
        writer.Write(prefix.Tokens.Length);
        for (var i = 0; i < prefix.Tokens.Length; i++)
        {
            writer.Write(prefix.Tokens[i]);
            writer.Write(prefix.Effects[i]);
        }

        writer.Flush();
        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(StartBytes - sizeof(int)), header.Length - StartBytes);
        return header;
    }

    /// <returns>The length of the rest of the header.</returns>
    private static int CheckStart(ReadOnlySpan<byte> start, int mostTokens)
    {
        if (!start.StartsWith(Magic))
        {
            throw new ConversationStateException("This is no saved conversation.");
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(start[Magic.Length..]) is var version && version != Version)
        {
            throw new ConversationStateException($"The conversation was saved in version {version} of the format; this library reads version {Version}.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(start[(Magic.Length + sizeof(int))..]);
        return length >= 0 && length <= MostIdentityBytes + ((long)BytesPerToken * mostTokens)
            ? length
            : throw new ConversationStateException($"The saved conversation is damaged, or longer than the {mostTokens} tokens of this engine's ContextSize.");
    }

    private static (int[] Tokens, ulong[] Effects, int Size) ReadHeader(byte[] header, StateIdentity identity, int mostTokens)
    {
        using var reader = new BinaryReader(new MemoryStream(header), Encoding.UTF8);
        reader.BaseStream.Position = StartBytes;
        identity.Check(reader);
        var size = reader.ReadInt32();
        var count = reader.ReadInt32();
        if (count > mostTokens)
        {
            throw new ConversationStateException($"The saved conversation has {count} tokens, but this engine's ContextSize is {mostTokens}.");
        }

        var (tokens, effects) = (new int[count], new ulong[count]);
        for (var i = 0; i < count; i++)
        {
            tokens[i] = reader.ReadInt32();
            effects[i] = reader.ReadUInt64();
        }

        return (tokens, effects, size);
    }

    private static async Task<byte[]> ReadExactlyAsync(Stream source, int count, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        try
        {
            await source.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
        catch (EndOfStreamException error)
        {
            throw new ConversationStateException("The saved conversation is cut short.", error);
        }
    }

    private static byte[] Code(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        using var code = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        code.AppendData(first);
        code.AppendData(second);
        return code.GetHashAndReset();
    }

    private static void Check(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected)
    {
        if (!CryptographicOperations.FixedTimeEquals(found, expected))
        {
            throw new ConversationStateException("The conversation was saved with another key, or has been changed since.");
        }
    }
}
