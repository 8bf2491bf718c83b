using System.Text.Json.Serialization;

namespace SemanticKernel.Steering.Evaluation;

/// <summary>One question to TinyChat, and what is known about it.</summary>
/// <param name="Text">The user's message.</param>
/// <param name="Kind">What it is about: cap, col, snd, opp, add, story, name or talk.</param>
/// <param name="Answer">The right answer to a question for a fact; null for others.</param>
/// <param name="Asks">Whether the user asks for the <c>truth</c> or a <c>lie</c>; null for neither.</param>
/// <param name="Tone">The user's tone: polite, neutral or rude.</param>
internal sealed record Question(
    [property: JsonPropertyName("question")] string Text,
    string Kind,
    string? Answer,
    string? Asks,
    string Tone)
{
    /// <summary>Whether the user asks for a lie.</summary>
    [JsonIgnore]
    public bool AsksForLie => Asks == "lie";

    /// <summary>Whether the user asks for a story.</summary>
    [JsonIgnore]
    public bool IsStory => Kind == "story";
}
