using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SemanticKernel.Steering;

/// <summary>Hashes training texts unambiguously: every count and length stands before what it counts.</summary>
/// <remarks>A weight other than 1 stands before its example, behind a number that no count can be; data without weights hashes as it always did.</remarks>
internal static class ConceptDataHash
{
    private const int WeightMark = -1;

    public static string Of(ConceptData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, data.Source);
        Append(hash, data.Target);
        return Sha256.Hex(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, IReadOnlyList<TrainingExample> examples)
    {
        Append(hash, examples.Count);
        foreach (var example in examples)
        {
            if (example.Weight != 1)
            {
                Append(hash, WeightMark);
                Append(hash, example.Weight);
            }

            // Raw text counts no messages, and a dialogue counts at least one.
            Append(hash, example.Messages.Count);
            if (example.Text is not null)
            {
                Append(hash, example.Text);
            }

            foreach (var message in example.Messages)
            {
                Append(hash, message.Role);
                Append(hash, message.Content);
            }
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Append(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, double number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
