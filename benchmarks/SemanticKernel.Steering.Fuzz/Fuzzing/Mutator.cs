using System.Buffers.Binary;

namespace SemanticKernel.Steering.Fuzz;

/// <summary>Damages inputs, from single bits to whole structures.</summary>
internal static class Mutator
{
    private static readonly float[] Floats = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -0f, 1f];

    /// <summary>Damages an input; another sound one of the same kind is there to take parts from.</summary>
    internal static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        for (var edits = random.Next(1, 6); edits > 0; edits--)
        {
            bytes = random.Next(12) switch
            {
                0 => FlipBit(bytes, random),
                1 => Overwrite(bytes, random),
                2 => bytes[..random.Next(bytes.Length + 1)],
                3 => Remove(bytes, random),
                4 => Repeat(bytes, random),
                5 => Splice(bytes, other, random),
                6 => ChangeNumber(bytes, random),
                7 => ChangeFloat(bytes, random),
                8 or 9 => ChangeCharacter(bytes, random),
                _ => JsonMutator.Mutate(bytes, random),
            };
        }

        return bytes;
    }

    private static byte[] FlipBit(byte[] bytes, Random random)
    {
        if (bytes.Length > 0)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] Overwrite(byte[] bytes, Random random)
    {
        random.NextBytes(Part(bytes, random, 8));
        return bytes;
    }

    private static byte[] Remove(byte[] bytes, Random random)
    {
        var (start, length) = Range(bytes, random, 64);
        return [.. bytes[..start], .. bytes[(start + length)..]];
    }

    /// <summary>Writes a part again behind itself, once or very often.</summary>
    private static byte[] Repeat(byte[] bytes, Random random)
    {
        var (start, length) = Range(bytes, random, 64);
        var times = random.Next(16) == 0 ? 1000 : 1;
        return [.. bytes[..start], .. Enumerable.Repeat(bytes[start..(start + length)], times).SelectMany(part => part), .. bytes[start..]];
    }

    private static byte[] Splice(byte[] bytes, byte[] other, Random random) =>
        [.. bytes[..random.Next(bytes.Length + 1)], .. other[random.Next(other.Length + 1)..]];

    /// <summary>Finds a number that may be a length, a count or an offset, in four or eight bytes, and replaces it.</summary>
    private static byte[] ChangeNumber(byte[] bytes, Random random)
    {
        var wide = random.Next(2) == 0;
        var size = wide ? sizeof(ulong) : sizeof(uint);
        for (var at = bytes.Length < size ? bytes.Length : random.Next(bytes.Length - size + 1); at <= bytes.Length - size; at++)
        {
            var field = bytes.AsSpan(at);
            var value = wide ? BinaryPrimitives.ReadUInt64LittleEndian(field) : BinaryPrimitives.ReadUInt32LittleEndian(field);
            if (value <= (ulong)bytes.Length)
            {
                var number = InterestingNumbers.Pick(random, value);
                if (wide)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(field, number);
                }
                else
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(field, (uint)number);
                }

                break;
            }
        }

        return bytes;
    }

    private static byte[] ChangeFloat(byte[] bytes, Random random)
    {
        if (bytes.Length >= sizeof(float))
        {
            // Values lie at the end, and on multiples of four bytes from there.
            var fromEnd = sizeof(float) * random.Next(1, Math.Min(bytes.Length / sizeof(float), 64) + 1);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - fromEnd), Floats[random.Next(Floats.Length)]);
        }

        return bytes;
    }

    /// <summary>Puts another letter, digit or sign in the place of one, which leaves every length right.</summary>
    private static byte[] ChangeCharacter(byte[] bytes, Random random)
    {
        for (var at = random.Next(bytes.Length + 1); at < bytes.Length; at++)
        {
            if (char.IsAsciiLetterOrDigit((char)bytes[at]))
            {
                var others = "0123456789abcF.+- _\"\\"u8;
                bytes[at] = others[random.Next(others.Length)];
                break;
            }
        }

        return bytes;
    }

    private static Span<byte> Part(byte[] bytes, Random random, int longest)
    {
        var (start, length) = Range(bytes, random, longest);
        return bytes.AsSpan(start, length);
    }

    private static (int Start, int Length) Range(byte[] bytes, Random random, int longest)
    {
        var start = random.Next(bytes.Length + 1);
        return (start, random.Next(Math.Min(longest, bytes.Length - start) + 1));
    }
}
