namespace SemanticKernel.Steering;

/// <summary>How far fitting has come.</summary>
/// <param name="Stage">What is being done, for people to read.</param>
/// <param name="Done">How many of the stage's steps are finished.</param>
/// <param name="Total">How many steps the stage has.</param>
public readonly record struct FitProgress(string Stage, int Done, int Total);
