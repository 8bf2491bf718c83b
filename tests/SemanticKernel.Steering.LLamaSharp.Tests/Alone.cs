namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>Tests that run while no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
