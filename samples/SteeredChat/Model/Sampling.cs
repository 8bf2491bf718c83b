namespace SteeredChat;

/// <summary>How tokens are chosen. Null leaves a value to the model's defaults.</summary>
internal sealed record Sampling
{
    public long? Seed { get; init; }

    public float? Temperature { get; init; }

    public int? TopK { get; init; }

    public float? TopP { get; init; }

    public float? MinP { get; init; }

    public int? MaxTokens { get; init; }

    /// <summary>The same with another seed, so that no two answers are drawn alike.</summary>
    public Sampling WithSeed(int offset) => Seed is { } seed ? this with { Seed = seed + offset } : this;
}
