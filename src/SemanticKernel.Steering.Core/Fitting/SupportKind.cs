namespace SemanticKernel.Steering;

/// <summary>Which source values a support range is taken from.</summary>
internal enum SupportKind
{
    Unbounded,
    PooledQuantiles,
    TokenQuantiles,
}
