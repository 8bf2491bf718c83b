namespace SemanticKernel.Steering;

/// <summary>Reads untrusted bytes into memory, up to a limit.</summary>
internal static class BoundedReader
{
    private const int FirstChunk = 64 << 10;

    /// <exception cref="InvalidDataException">There are more bytes than the limit allows.</exception>
    public static byte[] ReadToEnd(Stream stream, long maxBytes)
    {
        var limit = (int)Math.Min(maxBytes, Array.MaxLength);
        var expected = stream.CanSeek ? Math.Max(stream.Length - stream.Position, 0) : Math.Min(FirstChunk, limit);
        if (expected > limit)
        {
            throw TooLarge(limit);
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)expected);
        for (var count = 0; ;)
        {
            var read = stream.Read(bytes, count, bytes.Length - count);
            count += read;
            if (count < bytes.Length)
            {
                if (read > 0)
                {
                    continue;
                }

                Array.Resize(ref bytes, count);
                return bytes;
            }

            // The length is only a hint; one byte more tells whether the stream really ends there.
            var next = stream.ReadByte();
            if (next < 0)
            {
                return bytes;
            }

            if (count == limit)
            {
                throw TooLarge(limit);
            }

            Array.Resize(ref bytes, (int)Math.Min(Math.Max(2L * count, FirstChunk), limit));
            bytes[count++] = (byte)next;
        }
    }

    private static InvalidDataException TooLarge(int limit) => new($"it is larger than {limit} bytes");
}
