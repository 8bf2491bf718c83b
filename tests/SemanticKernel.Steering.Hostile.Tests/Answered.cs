namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>What came out of an attempt.</summary>
/// <param name="Text">The text.</param>
/// <param name="Report">The report that came with it.</param>
public sealed record Answered(string Text, SteeringReport? Report);
