using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SemanticKernel.Steering;

/// <summary>Hashes what decides a plan's effect.</summary>
internal static class PlanFingerprint
{
    public static string Of(IEnumerable<(MapSet Maps, double Strength)> concepts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("steering.plan/1"u8);
        Span<byte> numbers = stackalloc byte[sizeof(long) + sizeof(int)];
        foreach (var (maps, strength) in concepts.Where(concept => concept.Strength != 0))
        {
            // The content hash covers slopes, intercepts and supports; it has a fixed length, so nothing can be shifted between fields.
            BinaryPrimitives.WriteDoubleLittleEndian(numbers, strength);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[sizeof(long)..], (int)maps.Metadata.Scope);
            hash.AppendData(Encoding.ASCII.GetBytes(maps.ContentHash));
            hash.AppendData(numbers);
        }

        return Sha256.Hex(hash.GetHashAndReset());
    }
}
