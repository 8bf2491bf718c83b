namespace SemanticKernel.Steering.Fuzz;

/// <summary>A reader of untrusted files.</summary>
/// <param name="Name">The name, for people to read.</param>
/// <param name="Create">Makes one sound input, or nearly so.</param>
/// <param name="Read">Reads an input and gives what came of it. May refuse with a <see cref="SteeringException"/> and with nothing else.</param>
/// <param name="Check">Fails if what was read is not sound.</param>
internal sealed record FuzzReader(string Name, Func<Random, byte[]> Create, Func<byte[], object> Read, Action<object> Check);
