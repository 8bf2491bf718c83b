namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>A site with the node that carries it.</summary>
/// <param name="Site">Layer and hook point.</param>
/// <param name="Signature">How to find the node.</param>
/// <param name="OutputRowsOnly">Whether the node holds only rows flagged as outputs (the last layer, from some point on) instead of all rows of the batch.</param>
internal sealed record GraphHook(Site Site, NodeSignature Signature, bool OutputRowsOnly);
