namespace SemanticKernel.Steering.TestModels;

/// <summary>Which norm a graph puts on queries and keys.</summary>
internal enum QueryKeyNorm
{
    None,
    PerHead,
    AllHeads,
}
