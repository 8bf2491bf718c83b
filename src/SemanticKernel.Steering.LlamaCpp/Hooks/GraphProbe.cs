using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>Records the nodes of one decode without touching them.</summary>
internal sealed unsafe class GraphProbe(TensorLayout layout) : GraphCallback
{
    private readonly GraphInputs _inputs = new(layout);
    private readonly Dictionary<nint, GraphNode> _byTensor = [];
    private readonly List<GraphNode> _nodes = [];
    private TokenBatch? _batch;

    internal IReadOnlyList<GraphNode> Nodes => _nodes;

    /// <summary>How the graph reads the submitted token ids; null if it does not.</summary>
    internal InputReader? TokenReader { get; private set; }

    /// <summary>How the graph reads the submitted positions; null if it does not.</summary>
    internal InputReader? PositionReader { get; private set; }

    /// <summary>Sets what is decoded. Token ids and positions must differ.</summary>
    internal void Expect(TokenBatch batch) => _batch = batch;

    protected override bool Ask(nint tensor)
    {
        LookAtInput(tensor);
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

    private void LookAtInput(nint tensor)
    {
        if (_batch is not { } batch || _inputs.ReaderOf(tensor, batch.Count) is not { } reader)
        {
            return;
        }

        var values = _inputs.Read(tensor, batch.Count);
        if (values.SequenceEqual(new ReadOnlySpan<int>(batch.Native.Tokens, batch.Count)))
        {
            TokenReader ??= reader;
        }
        else if (values.SequenceEqual(new ReadOnlySpan<int>(batch.Native.Positions, batch.Count)))
        {
            PositionReader ??= reader;
        }
    }
}
