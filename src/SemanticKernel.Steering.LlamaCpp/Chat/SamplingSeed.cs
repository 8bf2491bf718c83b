namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Makes seeds for llama.cpp: they have 32 bits, and one of them asks it for a random seed.</summary>
internal static class SamplingSeed
{
    private const uint Random = uint.MaxValue; // LLAMA_DEFAULT_SEED
    private const uint InPlaceOfRandom = 0x9E3779B9;

    /// <summary>A seed stays as it is, but for the one that llama.cpp would not use.</summary>
    internal static uint Of(uint seed) => seed == Random ? InPlaceOfRandom : seed;

    /// <summary>A seed of 32 bits stays as it is; of others all bits count.</summary>
    internal static uint Of(long seed) => Of(seed is >= 0 and <= uint.MaxValue ? (uint)seed : Mix(unchecked((ulong)seed)));

    /// <summary>The finaliser of splitmix64, the upper half.</summary>
    private static uint Mix(ulong bits)
    {
        bits = unchecked((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94D049BB133111EB);
        return (uint)((bits ^ (bits >> 31)) >> 32);
    }
}
