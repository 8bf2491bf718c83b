using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>What one request of a schedule asks for and does.</summary>
internal sealed record Script
{
    internal required int[] Prompt { get; init; }

    internal IReadOnlyDictionary<string, double> Strengths { get; init; } = new Dictionary<string, double>();

    internal int MaxTokens { get; init; } = 12;

    internal SamplerSettings Sampling { get; init; } = new() { Temperature = 0 };

    /// <summary>Whose prompts it shares; by default nobody's, so that runs cannot influence each other.</summary>
    internal string? CacheScope { get; init; } = Guid.NewGuid().ToString();

    /// <summary>First token of the last user turn.</summary>
    internal int LastUserTurn { get; init; } = 1;

    /// <summary>How many tokens the first request of the schedule must have before this one is submitted; 0 for at the start.</summary>
    internal int JoinsAt { get; init; }

    /// <summary>After how many tokens nobody wants the rest.</summary>
    internal int LeavesAt { get; init; } = int.MaxValue;

    /// <summary>Called on the engine's thread with the number of every token, before it is chosen.</summary>
    internal Action<int>? OnToken { get; init; }
}
