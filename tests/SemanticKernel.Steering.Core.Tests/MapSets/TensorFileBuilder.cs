using System.Buffers.Binary;
using System.Text;

namespace SemanticKernel.Steering.Tests;

/// <summary>Puts together map set files with anything wrong in them.</summary>
internal static class TensorFileBuilder
{
    private static readonly byte[] ValidFile = Maps.Of("tone", new TransportMap([2, 3], [0, 1], [-1, -1], [1, 1])).Bytes();

    /// <summary>A valid file: one site, two neurons, bounded.</summary>
    public static byte[] Valid => ValidFile.ToArray();

    /// <summary>The JSON header of the valid file.</summary>
    public static string Header => Encoding.UTF8.GetString(ValidFile, 8, HeaderLength).TrimEnd();

    /// <summary>The data of the valid file: slopes, intercepts, lower and upper bounds, two of each.</summary>
    public static float[] Values
    {
        get
        {
            var values = new float[8];
            Buffer.BlockCopy(ValidFile, 8 + HeaderLength, values, 0, 32);
            return values;
        }
    }

    private static int HeaderLength => (int)BinaryPrimitives.ReadUInt64LittleEndian(ValidFile);

    public static byte[] Build(string header, float[]? values = null) => Build(Encoding.UTF8.GetBytes(header), values);

    public static byte[] Build(byte[] header, float[]? values = null)
    {
        values ??= Values;
        var bytes = new byte[8 + header.Length + (4 * values.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, 8);
        Buffer.BlockCopy(values, 0, bytes, 8 + header.Length, 4 * values.Length);
        return bytes;
    }
}
