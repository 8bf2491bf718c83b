namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// How a node is recognised again in later graphs: by its own name, or, for nodes llama.cpp leaves unnamed, by the name
/// of one of its sources (a weight, say). Several nodes may share a name; <see cref="Occurrence"/> counts them.
/// </summary>
/// <param name="Name">The name to look for.</param>
/// <param name="Source">Which source bears the name, or -1 when the node itself does.</param>
/// <param name="Occurrence">How many nodes with this name come before, in graph order.</param>
internal readonly record struct NodeSignature(string Name, int Source, int Occurrence)
{
    internal const int Own = -1;

    /// <summary>Sources beyond the second never identify a node.</summary>
    internal const int SearchedSources = 2;

    internal static NodeSignature? Of(GraphNode node, IReadOnlyList<GraphNode> graph)
    {
        if (node.HasOwnName)
        {
            return new NodeSignature(node.Name, Own, graph.Take(node.Index).Count(other => other.Name == node.Name));
        }

        for (var source = 0; source < Math.Min(SearchedSources, node.SourceNames.Length); source++)
        {
            var name = node.SourceNames[source];
            if (name.Length > 0 && !name.StartsWith("node_", StringComparison.Ordinal) && !name.StartsWith("leaf_", StringComparison.Ordinal))
            {
                // Only unnamed nodes are searched by source, so only they count.
                var before = graph.Take(node.Index).Count(other => !other.HasOwnName && source < other.SourceNames.Length && other.SourceNames[source] == name);
                return new NodeSignature(name, source, before);
            }
        }

        return null;
    }

    public override string ToString() => Source == Own ? Name : $"(source {Source}: {Name})";
}
