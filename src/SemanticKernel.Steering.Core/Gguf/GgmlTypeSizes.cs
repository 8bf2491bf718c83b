namespace SemanticKernel.Steering.Gguf;

/// <summary>Elements and bytes per block of the <c>ggml_type</c>s, as in ggml-common.h.</summary>
internal static class GgmlTypeSizes
{
    private static readonly Dictionary<uint, (ulong Elements, ulong Bytes)> Blocks = new()
    {
        [0] = (1, 4), [1] = (1, 2), [2] = (32, 18), [3] = (32, 20), [6] = (32, 22), [7] = (32, 24), [8] = (32, 34), [9] = (32, 36),
        [10] = (256, 84), [11] = (256, 110), [12] = (256, 144), [13] = (256, 176), [14] = (256, 210), [15] = (256, 292),
        [16] = (256, 66), [17] = (256, 74), [18] = (256, 98), [19] = (256, 50), [20] = (32, 18), [21] = (256, 110), [22] = (256, 82),
        [23] = (256, 136), [24] = (1, 1), [25] = (1, 2), [26] = (1, 4), [27] = (1, 8), [28] = (1, 8), [29] = (256, 56), [30] = (1, 2),
        [34] = (256, 54), [35] = (256, 66), [39] = (32, 17),
    };

    /// <summary>Bytes of <paramref name="elements"/> values of a type, or null for an unknown type; the largest number for sizes that no file has.</summary>
    internal static ulong? SizeOf(uint type, ulong elements) => Blocks.TryGetValue(type, out var block)
        ? (ulong)UInt128.Min(((UInt128)elements + block.Elements - 1) / block.Elements * block.Bytes, ulong.MaxValue)
        : null;
}
