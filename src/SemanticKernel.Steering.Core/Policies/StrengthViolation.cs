namespace SemanticKernel.Steering;

/// <summary>A strength a request asked for and did not get.</summary>
/// <param name="Concept">The concept.</param>
/// <param name="Asked">What was asked for.</param>
/// <param name="Used">What is in force instead.</param>
public readonly record struct StrengthViolation(string Concept, double Asked, double Used);
