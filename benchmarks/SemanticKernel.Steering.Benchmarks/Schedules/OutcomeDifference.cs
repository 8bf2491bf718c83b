namespace SemanticKernel.Steering.Benchmarks;

/// <summary>How far two runs of a request are apart.</summary>
/// <param name="Compared">How many tokens could be compared.</param>
/// <param name="Largest">The largest difference between two logits.</param>
/// <param name="IsNearTie">Whether the tokens part where the two best logits nearly tie.</param>
/// <param name="Mistake">What cannot be explained by kernels; null if nothing.</param>
internal readonly record struct OutcomeDifference(int Compared, float Largest, bool IsNearTie, string? Mistake);
