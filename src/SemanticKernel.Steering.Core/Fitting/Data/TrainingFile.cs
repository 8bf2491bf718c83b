using System.Text;
using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>Reads a file of training texts, one per line.</summary>
internal static class TrainingFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static List<TrainingExample> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Read(file, path);
    }

    public static List<TrainingExample> Read(Stream stream, string path)
    {
        using var reader = new StreamReader(stream, StrictUtf8, detectEncodingFromByteOrderMarks: false, bufferSize: -1, leaveOpen: true);
        var lines = new BoundedLineReader(reader);
        var plain = Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase);
        var examples = new List<TrainingExample>();
        var number = 1;
        try
        {
            for (; lines.Read() is { } line; number++)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    examples.Add(plain ? TrainingExample.FromText(line) : JsonLine.Parse(line));
                }
            }
        }
        catch (DecoderFallbackException error)
        {
            // The reader decodes ahead of the lines, so the line is not known.
            throw new SteeringFitException($"{path} is not valid UTF-8.", error);
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            // An invalid operation is what half a surrogate pair in a member's name makes of reading JSON.
            throw new SteeringFitException($"{path}, line {number}: {error.Message}", error);
        }

        return examples.Count > 0 ? examples : throw new SteeringFitException($"{path} holds no texts.");
    }
}
