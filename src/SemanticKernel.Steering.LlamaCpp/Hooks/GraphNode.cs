namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>A node of a compute graph as the probe saw it. <see cref="Sources"/> holds null for weights and inputs.</summary>
internal sealed record GraphNode(int Index, string Name, string Operation, bool IsF32, long Width, long Rows, GraphNode?[] Sources, string[] SourceNames)
{
    /// <summary>ggml numbers nodes nobody named; the numbers depend on the graph around them.</summary>
    internal bool HasOwnName => !Name.StartsWith("node_", StringComparison.Ordinal);

    internal GraphNode? First => Sources.Length > 0 ? Sources[0] : null;

    internal bool Is(string operation) => string.Equals(Operation, operation, StringComparison.Ordinal);
}
