using System.Text.Json;

namespace SemanticKernel.Steering.Evaluation;

/// <summary>Reads questions from a file of one JSON object per line.</summary>
internal static class QuestionFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the questions of a set that comes with TinyChat.</summary>
    /// <param name="set"><c>tune</c> or <c>eval</c>.</param>
    public static IReadOnlyList<Question> Load(string set) =>
        [.. File.ReadLines(Path.Combine(Samples.TinyChatConcept.Folder, "data", $"{set}.jsonl")).Select(Parse)];

    /// <summary>Reads one line.</summary>
    public static Question Parse(string line) =>
        JsonSerializer.Deserialize<Question>(line, Options) ?? throw new InvalidDataException("A line holds null.");
}
