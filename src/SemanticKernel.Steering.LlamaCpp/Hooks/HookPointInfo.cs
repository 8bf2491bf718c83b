namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>A place in a model's graph where hidden states can be read and edited.</summary>
/// <param name="Site">Layer and hook point.</param>
/// <param name="Node">The node of the graph, as llama.cpp names it, or the source that identifies an unnamed node.</param>
/// <param name="Width">Neurons per token.</param>
public sealed record HookPointInfo(Site Site, string Node, int Width)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Site}  {Node}  {Width}";
}
