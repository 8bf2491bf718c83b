using System.Security.Cryptography;

namespace SemanticKernel.Steering;

/// <summary>SHA-256 in lower-case hexadecimal.</summary>
internal static class Sha256
{
    public static string HexOf(ReadOnlySpan<byte> content) => Hex(SHA256.HashData(content));

    public static string Hex(ReadOnlySpan<byte> hash) => Convert.ToHexString(hash).ToLowerInvariant();
}
