namespace SemanticKernel.Steering.TestModels;

/// <summary>Makes files that a loader must refuse. Every method leaves its source as it is.</summary>
public static class DamagedFile
{
    /// <summary>Copies only the first bytes of a file.</summary>
    /// <param name="source">The sound file.</param>
    /// <param name="destination">The file to write.</param>
    /// <param name="length">How many bytes to keep.</param>
    public static void Truncate(string source, string destination, long length)
    {
        File.Copy(source, destination, overwrite: true);
        using var stream = File.OpenWrite(destination);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, stream.Length);
        stream.SetLength(length);
    }

    /// <summary>Copies a file and inverts all bits of some of its bytes.</summary>
    /// <param name="source">The sound file.</param>
    /// <param name="destination">The file to write.</param>
    /// <param name="offset">The first byte to change; negative counts from the end.</param>
    /// <param name="count">How many bytes to change.</param>
    public static void FlipBytes(string source, string destination, long offset, int count = 1)
    {
        var bytes = File.ReadAllBytes(source);
        var start = offset < 0 ? bytes.Length + offset : offset;
        for (var i = 0; i < count; i++)
        {
            bytes[start + i] ^= 0xFF;
        }

        File.WriteAllBytes(destination, bytes);
    }

    /// <summary>Writes text that is long enough for a header but is not a model.</summary>
    /// <param name="destination">The file to write.</param>
    public static void WriteText(string destination) =>
        File.WriteAllText(destination, string.Concat(Enumerable.Repeat("This is not a model file.\n", 64)));
}
