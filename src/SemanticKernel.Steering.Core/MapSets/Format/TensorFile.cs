using System.Buffers.Binary;

namespace SemanticKernel.Steering;

/// <summary>The parts of a safetensors file, with offsets checked: tensors cover the data exactly, without gaps or overlaps.</summary>
internal sealed class TensorFile
{
    private const int LengthBytes = sizeof(ulong);
    private const int MaxHeaderBytes = 16 << 20;

    private readonly byte[] _bytes;
    private readonly int _dataStart;

    private TensorFile(TensorHeader header, byte[] bytes, int dataStart) => (Header, _bytes, _dataStart) = (header, bytes, dataStart);

    public TensorHeader Header { get; }

    /// <summary>Finds the parts of a file whose bytes are never written to again.</summary>
    /// <exception cref="InvalidDataException">The bytes are no safetensors file.</exception>
    public static TensorFile Parse(byte[] bytes)
    {
        if (bytes.Length < LengthBytes)
        {
            throw new InvalidDataException("it is too short to be a safetensors file");
        }

        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (headerBytes > Math.Min((ulong)(bytes.Length - LengthBytes), MaxHeaderBytes))
        {
            throw new InvalidDataException($"its header is said to have {headerBytes} bytes, more than the file or the limit allows");
        }

        var header = TensorHeader.Parse(bytes.AsSpan(LengthBytes, (int)headerBytes));
        var dataStart = LengthBytes + (int)headerBytes;
        CheckTiling(header.Tensors, (ulong)(bytes.Length - dataStart));
        return new TensorFile(header, bytes, dataStart);
    }

    /// <summary>Gives the values of an F32 tensor of shape [width], where they lie if this machine can read them there.</summary>
    /// <exception cref="InvalidDataException">The tensor has another type or shape.</exception>
    public ReadOnlyMemory<float> ReadVector(TensorEntry tensor, int width)
    {
        if (tensor.Type != "F32" || tensor.Shape is not [var length] || length != (ulong)width || tensor.End - tensor.Begin != (ulong)width * sizeof(float))
        {
            throw new InvalidDataException(
                $"tensor '{tensor.Name}' is {tensor.Type} [{string.Join(", ", tensor.Shape)}] in {tensor.End - tensor.Begin} bytes, not F32 [{width}]");
        }

        var start = _dataStart + (int)tensor.Begin;
        return BitConverter.IsLittleEndian && start % sizeof(float) == 0
            ? new SharedSingles(_bytes, start, width).Memory
            : LittleEndian.ReadSingles(_bytes.AsSpan(start, width * sizeof(float)));
    }

    private static void CheckTiling(IEnumerable<TensorEntry> tensors, ulong dataBytes)
    {
        ulong covered = 0;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.Begin != covered || tensor.End < tensor.Begin || tensor.End > dataBytes)
            {
                throw new InvalidDataException(
                    $"tensor '{tensor.Name}' lies at {tensor.Begin} to {tensor.End}, where {covered} to at most {dataBytes} is expected");
            }

            covered = tensor.End;
        }

        if (covered != dataBytes)
        {
            throw new InvalidDataException($"{dataBytes - covered} bytes after the last tensor belong to none");
        }
    }
}
