using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SteeredChat;

/// <summary>An answer as one line of JSON.</summary>
internal sealed record AnswerLine(
    [property: JsonPropertyName("question")] string Question,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("finish_reason")] string FinishReason,
    [property: JsonPropertyName("usage")] AnswerLine.TokenUsage Usage,
    [property: JsonPropertyName("steering")] AnswerLine.SteeringFacts Steering)
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string question, Reply reply) => JsonSerializer.Serialize(
        new AnswerLine(
            question,
            reply.Text,
            reply.FinishReason,
            new TokenUsage(reply.InputTokens, reply.OutputTokens),
            new SteeringFacts(reply.Steering.Concepts.Where(pair => pair.Value != 0).ToDictionary(), reply.Steering.Policy)),
        Options);

    internal sealed record TokenUsage([property: JsonPropertyName("input")] int Input, [property: JsonPropertyName("output")] int Output);

    internal sealed record SteeringFacts(
        [property: JsonPropertyName("concepts")] IReadOnlyDictionary<string, double> Concepts,
        [property: JsonPropertyName("policy"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Policy);
}
