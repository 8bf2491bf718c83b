using System.Text.Json;
using System.Text.Json.Serialization;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Writes handles so that no two texts are equal: response caches use them as keys, and what a handle does to an answer is never known before.</summary>
internal sealed class SteeringHandleConverter : JsonConverter<SteeringHandle>
{
    public override SteeringHandle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A steering handle cannot be read from JSON.");

    public override void Write(Utf8JsonWriter writer, SteeringHandle value, JsonSerializerOptions options) => writer.WriteStringValue(Guid.NewGuid());
}
