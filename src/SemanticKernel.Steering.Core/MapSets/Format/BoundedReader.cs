namespace SemanticKernel.Steering;

/// <summary>Reads untrusted bytes into memory, up to a limit.</summary>
internal static class BoundedReader
{
    private const int FirstChunk = 64 << 10;

    /// <exception cref="InvalidDataException">There are more bytes than the limit allows.</exception>
    public static byte[] ReadToEnd(Stream stream, long maxBytes)
    {
        var limit = (int)Math.Min(maxBytes, Array.MaxLength - 1);
        var expected = stream.CanSeek ? Math.Max(stream.Length - stream.Position, 0) : Math.Min(FirstChunk, limit);
        if (expected > limit)
        {
            throw TooLarge(limit);
        }

        // The length is only a hint, so there is room for one byte more, which tells whether the stream really ends there.
        var bytes = new byte[expected + 1];
        var count = 0;
        for (int read; (read = stream.Read(bytes, count, bytes.Length - count)) > 0;)
        {
            count += read;
            if (count > limit)
            {
                throw TooLarge(limit);
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * count, limit + 1L));
            }
        }

        return bytes.AsSpan(0, count).ToArray();
    }

    private static InvalidDataException TooLarge(int limit) => new($"it is larger than {limit} bytes");
}
