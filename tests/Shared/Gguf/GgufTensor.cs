namespace SemanticKernel.Steering.TestModels;

/// <summary>A tensor to be written: its values are made only when its turn comes.</summary>
internal sealed record GgufTensor(string Name, GgufTensorType Type, IReadOnlyList<int> Shape, Action<Span<float>> Fill, int RunLength)
{
    public int ElementCount => Shape.Aggregate(1, (product, size) => checked(product * size));

    public int ByteCount => ElementCount * (Type == GgufTensorType.F16 ? 2 : 4);
}
