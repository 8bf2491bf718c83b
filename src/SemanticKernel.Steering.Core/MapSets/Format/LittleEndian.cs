using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Moves whole vectors of floats to and from files, which hold them in little-endian order.</summary>
internal static class LittleEndian
{
    /// <summary>Reads as many floats as there are whole ones.</summary>
    public static float[] ReadSingles(ReadOnlySpan<byte> source)
    {
        var values = GC.AllocateUninitializedArray<float>(source.Length / sizeof(float));
        Copy(source[..(values.Length * sizeof(float))], MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>Writes all values to the start of the destination.</summary>
    public static void WriteSingles(Span<byte> destination, ReadOnlySpan<float> values) => Copy(MemoryMarshal.AsBytes(values), destination);

    private static void Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(destination);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(source), MemoryMarshal.Cast<byte, int>(destination));
        }
    }
}
