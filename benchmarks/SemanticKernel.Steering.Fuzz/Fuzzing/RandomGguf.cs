using System.Text;

namespace SemanticKernel.Steering.Fuzz;

/// <summary>Writes GGUF files by the grammar, with every kind of value, some names twice, and now and then a number that cannot be.</summary>
internal static class RandomGguf
{
    private const int Types = 13;
    private const int Array = 9;
    private const int String = 8;
    private const int MaxDepth = 6;

    internal static byte[] Create(Random random)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var (entries, tensors) = (random.Next(6), random.Next(5));
        writer.Write("GGUF"u8);
        writer.Write(random.Next(2, 4));
        writer.Write(Count(random, tensors));
        writer.Write(Count(random, entries));
        for (var i = 0; i < entries; i++)
        {
            WriteText(writer, random, random.Next(8) == 0 ? "general.alignment" : $"key.{random.Next(12)}");
            var type = random.Next(Types);
            writer.Write(type);
            WriteValue(writer, random, type, 0);
        }

        for (var i = 0; i < tensors; i++)
        {
            WriteText(writer, random, $"tensor.{random.Next(8)}");
            var dimensions = random.Next(5);
            writer.Write(dimensions);
            for (var d = 0; d < dimensions; d++)
            {
                writer.Write(Count(random, random.Next(8)));
            }

            writer.Write(random.Next(40));
            writer.Write(Count(random, 32 * random.Next(4)));
        }

        writer.Write(new byte[random.Next(512)]);
        return stream.ToArray();
    }

    private static ulong Count(Random random, int usual) =>
        random.Next(40) == 0 ? InterestingNumbers.Pick(random, (ulong)usual) : (ulong)usual;

    private static void WriteValue(BinaryWriter writer, Random random, int type, int depth)
    {
        switch (type)
        {
            case String:
                WriteText(writer, random, new string('x', random.Next(6)));
                break;
            case Array:
                var elements = random.Next(Types - (depth == MaxDepth ? 4 : 0));
                var count = random.Next(4);
                writer.Write(elements);
                writer.Write(Count(random, count));
                for (var i = 0; i < count; i++)
                {
                    WriteValue(writer, random, elements, depth + 1);
                }

                break;
            default:
                // One byte, two, four or eight, as the type asks for.
                var bytes = new byte[type is 0 or 1 or 7 ? 1 : type is 2 or 3 ? 2 : type is 10 or 11 or 12 ? 8 : 4];
                random.NextBytes(bytes);
                writer.Write(bytes);
                break;
        }
    }

    private static void WriteText(BinaryWriter writer, Random random, string text)
    {
        writer.Write(Count(random, text.Length));
        writer.Write(Encoding.UTF8.GetBytes(text));
    }
}
