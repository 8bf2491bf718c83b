namespace SemanticKernel.Steering.Fuzz;

/// <summary>A reader did what it must not do.</summary>
/// <param name="seed">The seed that brings the input back.</param>
/// <param name="message">What happened.</param>
/// <param name="innerException">What escaped, if anything.</param>
internal sealed class FuzzFailureException(ulong seed, string message, Exception? innerException = null)
    : Exception($"Seed {seed}: {message}", innerException);
