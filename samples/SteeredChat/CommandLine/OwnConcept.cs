namespace SteeredChat;

/// <summary>A concept of the user's own: its name, its prompt sets, and where to keep its maps.</summary>
internal sealed record OwnConcept(string Name, string SourcePath, string TargetPath, string? SaveTo);
