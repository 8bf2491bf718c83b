namespace SteeredChat;

/// <summary>What the command line asks for.</summary>
internal sealed record ChatArguments
{
    /// <summary>The user's own model; null for TinyChat.</summary>
    public string? ModelPath { get; init; }

    /// <summary>The user's own configuration file; null for none.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The policy from the start; null for the default one.</summary>
    public string? Policy { get; init; }

    public string? ChatTemplate { get; init; }

    public int? ContextSize { get; init; }

    public int? Threads { get; init; }

    public int GpuLayers { get; init; }

    /// <summary>Map set files, as given.</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>The user's own concept; null for none.</summary>
    public OwnConcept? OwnConcept { get; init; }

    /// <summary>Concepts to steer from the start.</summary>
    public IReadOnlyList<WantedStrength> Steer { get; init; } = [];

    public IReadOnlyList<string> Ask { get; init; } = [];

    public string? AskFile { get; init; }

    public bool Json { get; init; }

    public Sampling Sampling { get; init; } = new();

    public bool Verbose { get; init; }

    /// <summary>Whether there is somebody to chat with, rather than a list of questions.</summary>
    public bool IsInteractive => Ask.Count == 0 && AskFile is null;
}
