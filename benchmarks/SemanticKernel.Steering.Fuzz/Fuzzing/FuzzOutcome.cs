namespace SemanticKernel.Steering.Fuzz;

/// <summary>What became of one input.</summary>
/// <param name="Reader">The reader that had it.</param>
/// <param name="Refusal">The exception it was refused with; null if it was accepted.</param>
/// <param name="Length">The size of the input, in bytes.</param>
/// <param name="Allocated">The memory that reading it took, in bytes.</param>
internal sealed record FuzzOutcome(FuzzReader Reader, SteeringException? Refusal, int Length, long Allocated);
