using System.Text.Json;

namespace SemanticKernel.Steering;

/// <summary>Strict steps through JSON: each either finds what is expected or throws.</summary>
internal static class JsonReading
{
    private const int MaxNumbers = 8;

    /// <summary>Moves to the next member of an object and gives its name, or null at the object's end.</summary>
    public static string? NextName(this ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.EndObject ? null : json.GetString();
    }

    public static void Expect(this ref Utf8JsonReader json, JsonTokenType type, string name)
    {
        json.Read();
        if (json.TokenType != type)
        {
            throw new InvalidDataException($"'{name}' is {json.TokenType}, not {type}");
        }
    }

    public static string NextString(this ref Utf8JsonReader json, string name)
    {
        json.Expect(JsonTokenType.String, name);
        return json.GetString()!;
    }

    public static ulong[] NextNumbers(this ref Utf8JsonReader json, string name)
    {
        json.Expect(JsonTokenType.StartArray, name);
        Span<ulong> numbers = stackalloc ulong[MaxNumbers];
        var count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetUInt64(out var number) || count == MaxNumbers)
            {
                throw new InvalidDataException($"'{name}' is not a short list of whole numbers");
            }

            numbers[count++] = number;
        }

        return numbers[..count].ToArray();
    }
}
