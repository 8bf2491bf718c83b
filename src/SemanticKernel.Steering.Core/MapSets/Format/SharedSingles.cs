using System.Buffers;
using System.Runtime.InteropServices;

namespace SemanticKernel.Steering;

/// <summary>Floats within the bytes of a file, seen in place. The bytes must not change, and the part must start on a multiple of four of them.</summary>
internal sealed class SharedSingles(byte[] bytes, int start, int count) : MemoryManager<float>
{
    public override Span<float> GetSpan() => MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start, count * sizeof(float)));

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Values of maps are not pinned.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
