namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

/// <summary>Tests during which nobody else may open a model: llama.cpp has one log for all.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneWithTheLog
{
    /// <summary>The name to refer to it by.</summary>
    public const string Name = "Alone with llama.cpp's log";
}
