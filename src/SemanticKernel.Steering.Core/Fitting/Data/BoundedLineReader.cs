using System.Text;

namespace SemanticKernel.Steering;

/// <summary>Reads lines and refuses absurdly long ones before they fill the memory.</summary>
internal sealed class BoundedLineReader(TextReader reader)
{
    public const int MaxLength = 1_000_000;

    private const char ByteOrderMark = '\uFEFF';
    private readonly StringBuilder _line = new();
    private bool _started;

    /// <summary>Gives the next line without its end, or null at the end.</summary>
    /// <exception cref="FormatException">The line is too long.</exception>
    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public string? Read()
    {
        if (!_started && reader.Peek() == ByteOrderMark)
        {
            reader.Read();
        }

        _started = true;
        if (reader.Peek() < 0)
        {
            return null;
        }

        _line.Clear();
        for (var next = reader.Read(); next >= 0 && next != '\n'; next = reader.Read())
        {
            if (_line.Length == MaxLength)
            {
                throw new FormatException($"The line is longer than {MaxLength} characters.");
            }

            _line.Append((char)next);
        }

        return _line.Length > 0 && _line[^1] == '\r' ? _line.ToString(0, _line.Length - 1) : _line.ToString();
    }
}
