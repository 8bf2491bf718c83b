using System.Globalization;
using SemanticKernel.Steering.Gguf;

namespace SemanticKernel.Steering;

/// <summary>The directions of one control vector file, by the numbers in their names, with the file's metadata.</summary>
internal sealed class ControlVectorFile
{
    private ControlVectorFile(string name, IReadOnlyDictionary<string, object> metadata, SortedList<int, float[]> directions) =>
        (Name, Metadata, Directions) = (name, metadata, directions);

    public string Name { get; }

    public IReadOnlyDictionary<string, object> Metadata { get; }

    /// <summary>At least one direction; all of the model's width and finite.</summary>
    public SortedList<int, float[]> Directions { get; }

    /// <summary>Reads what llama.cpp would accept, but for a direction 0, and nothing else.</summary>
    /// <exception cref="GgufFormatException">The bytes are no intact GGUF file.</exception>
    /// <exception cref="ExchangeException">They are no control vector of that width.</exception>
    public static ControlVectorFile Parse(byte[] bytes, string name, int width)
    {
        var header = GgufHeader.Read(new MemoryStream(bytes, writable: false), name);
        var directions = new SortedList<int, float[]>();
        var expected = header.DataStart;
        foreach (var tensor in header.Tensors)
        {
            var layer = LayerOf(tensor, name);
            CheckShape(tensor, name, width);
            if (tensor.Offset != expected)
            {
                throw new GgufFormatException($"'{name}' is damaged: the data of '{tensor.Name}' lies at byte {tensor.Offset}, where llama.cpp expects it at byte {expected}.");
            }

            // Names have one spelling per number; llama.cpp, too, refuses a file that has one of them twice.
            if (!directions.TryAdd(layer, Read(bytes, tensor, name)))
            {
                throw new ExchangeException($"'{name}' has '{tensor.Name}' twice.");
            }

            expected += (tensor.Size!.Value + header.Alignment - 1) / header.Alignment * header.Alignment;
        }

        return directions.Count > 0
            ? new ControlVectorFile(name, header.Metadata, directions)
            : throw new ExchangeException($"'{name}' has no directions: a control vector has tensors named direction.1, direction.2 and so on.");
    }

    public string? Text(string key) => Metadata.GetValueOrDefault(key) as string;

    private static int LayerOf(GgufTensor tensor, string name)
    {
        var digits = tensor.Name.AsSpan(Math.Min(ControlVectorKeys.DirectionPrefix.Length, tensor.Name.Length));
        return tensor.Name.StartsWith(ControlVectorKeys.DirectionPrefix, StringComparison.Ordinal)
            && digits.Length > 0 && (digits[0] != '0' || digits.Length == 1)
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? layer
            : throw new ExchangeException($"'{name}' is no control vector: its tensor '{Printable.Of(tensor.Name)}' is not named direction.N, and llama.cpp would refuse the file.");
    }

    private static void CheckShape(GgufTensor tensor, string name, int width)
    {
        if (tensor.Type != ControlVectorKeys.F32 || tensor.Dimensions.Count == 0 || tensor.Dimensions.Skip(1).Any(extent => extent != 1))
        {
            throw new ExchangeException(
                $"'{name}': '{tensor.Name}' has type {tensor.Type} and shape [{string.Join(", ", tensor.Dimensions)}]; a direction is one row of 32-bit floats.");
        }

        if (tensor.Dimensions[0] != (ulong)width)
        {
            throw new ExchangeException($"'{name}' was made for another model: '{tensor.Name}' has {tensor.Dimensions[0]} values, the model's hidden state {width}.");
        }
    }

    private static float[] Read(byte[] bytes, GgufTensor tensor, string name)
    {
        var values = LittleEndian.ReadSingles(bytes.AsSpan((int)tensor.Offset, (int)tensor.Size!.Value));
        var bad = Finite.IndexOfNonFinite(values);
        return bad < 0 ? values : throw new ExchangeException($"'{name}': value {bad} of '{tensor.Name}' is {values[bad]}; it must be finite.");
    }
}
