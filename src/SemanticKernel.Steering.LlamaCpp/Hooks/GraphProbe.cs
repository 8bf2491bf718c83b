using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>Records the nodes of one decode without touching them.</summary>
internal sealed unsafe class GraphProbe(TensorLayout layout) : GraphCallback
{
    private readonly InputCheck _inputs = new(layout);
    private readonly Dictionary<nint, GraphNode> _byTensor = [];
    private readonly List<GraphNode> _nodes = [];

    internal IReadOnlyList<GraphNode> Nodes => _nodes;

    /// <summary>Whether the graph read the submitted token ids from an input.</summary>
    internal bool ReadsTokens => _inputs.SawTokens;

    /// <summary>Whether the graph read the submitted positions from an input.</summary>
    internal bool ReadsPositions => _inputs.SawPositions;

    internal void ExpectInputs(int* tokens, int* positions, int count) =>
        _inputs.Begin(tokens, positions, count, expectTokens: true, expectPositions: true);

    protected override bool Ask(nint tensor)
    {
        _inputs.Look(tensor);
        var sources = new List<GraphNode?>();
        var names = new List<string>();
        for (var i = 0; i < TensorLayout.MaxSources && layout.SourceOf(tensor, i) is var source && source != 0; i++)
        {
            // Between devices the scheduler puts copies, named backend#name#number, in place of the source.
            var name = Utf8.Read(layout.NameOf(source));
            var original = name.Split('#') is [_, var inner, _] ? inner : name;
            names.Add(original);
            sources.Add(_byTensor.GetValueOrDefault(source) ?? (original == name ? null : _nodes.LastOrDefault(node => node.Name == original)));
        }

        var node = new GraphNode(
            _nodes.Count, Utf8.Read(layout.NameOf(tensor)), Utf8.Read(GgmlBaseNative.ggml_op_desc(tensor)),
            TensorLayout.IsF32(tensor), layout.Width(tensor), layout.Rows(tensor), [.. sources], [.. names]);
        _nodes.Add(node);
        _byTensor[tensor] = node;
        return false;
    }

    protected override void Computed(nint tensor)
    {
    }
}
