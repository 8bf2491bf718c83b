namespace SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

/// <summary>Tests that nobody else may listen to the meter during.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class Alone
{
    /// <summary>The name to refer to it by.</summary>
    public const string Name = "Alone with the meter";
}
