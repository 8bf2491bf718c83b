namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>How tokens are chosen. Defaults are llama.cpp's own.</summary>
internal sealed record SamplerSettings
{
    internal const int PenaltyWindow = 64;

    /// <summary>Temperatures below take the most likely token as 0 does: dividing logits by them would overflow.</summary>
    internal const float GreedyBelow = 1e-5f;

    /// <summary>0 always takes the most likely token.</summary>
    internal float Temperature { get; init; } = 0.8f;

    /// <summary>Keep the k most likely tokens; 0 keeps all.</summary>
    internal int TopK { get; init; } = 40;

    /// <summary>Keep the most likely tokens up to this total probability; 1 keeps all.</summary>
    internal float TopP { get; init; } = 0.95f;

    /// <summary>Drop tokens below this share of the most likely one's probability; 0 drops none.</summary>
    internal float MinP { get; init; } = 0.05f;

    /// <summary>Divides the logits of recent answer tokens; 1 is off.</summary>
    internal float RepeatPenalty { get; init; } = 1f;

    internal float FrequencyPenalty { get; init; }

    internal float PresencePenalty { get; init; }

    internal uint Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; NaN always is.</exception>
    internal SamplerSettings Check()
    {
        Require(nameof(Temperature), Temperature, Temperature is >= 0 and <= 100, "from 0 to 100");
        Require(nameof(TopK), TopK, TopK >= 0, "0 (off) or more");
        Require(nameof(TopP), TopP, TopP is > 0 and <= 1, "above 0 and at most 1 (off)");
        Require(nameof(MinP), MinP, MinP is >= 0 and <= 1, "from 0 (off) to 1");
        Require(nameof(RepeatPenalty), RepeatPenalty, RepeatPenalty is > 0 and <= 10, "above 0 and at most 10; 1 is off");
        Require(nameof(FrequencyPenalty), FrequencyPenalty, FrequencyPenalty is >= -2 and <= 2, "from -2 to 2");
        Require(nameof(PresencePenalty), PresencePenalty, PresencePenalty is >= -2 and <= 2, "from -2 to 2");
        return this;
    }

    private static void Require(string name, float value, bool holds, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}.");
        }
    }
}
