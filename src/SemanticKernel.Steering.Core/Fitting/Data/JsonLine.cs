using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>Reads one JSON line of a training file.</summary>
internal static class JsonLine
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <exception cref="FormatException">The line is JSON but no training text.</exception>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    public static TrainingExample Parse(string line)
    {
        using var document = JsonDocument.Parse(line, Options);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The line is not a JSON object.");
        }

        var hasText = root.TryGetProperty("text", out var text);
        var hasMessages = root.TryGetProperty("messages", out var messages);
        if (hasText == hasMessages)
        {
            throw new FormatException("The object needs either \"text\" or \"messages\".");
        }

        var example = hasText
            ? TrainingExample.FromText(String(text, "text"))
            : TrainingExample.FromDialogue(Messages(messages));
        return root.TryGetProperty("weight", out var weight) ? example.WithWeight(Weight(weight)) : example;
    }

    private static double Weight(JsonElement weight) => weight.ValueKind == JsonValueKind.Number && weight.TryGetDouble(out var value)
        ? value
        : throw new FormatException("\"weight\" is not a number.");

    private static DialogueMessage[] Messages(JsonElement messages) => messages.ValueKind == JsonValueKind.Array
        ? messages.EnumerateArray().Select(Message).ToArray()
        : throw new FormatException("\"messages\" is not an array.");

    private static DialogueMessage Message(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("role", out var role)
        && message.TryGetProperty("content", out var content)
            ? new DialogueMessage(String(role, "role"), String(content, "content"))
            : throw new FormatException("A message needs \"role\" and \"content\".");

    private static string String(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new FormatException($"\"{name}\" is not a string.");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            // A lone surrogate, escaped: valid JSON but no text.
            throw new FormatException($"\"{name}\" is not valid Unicode.", error);
        }
    }
}
