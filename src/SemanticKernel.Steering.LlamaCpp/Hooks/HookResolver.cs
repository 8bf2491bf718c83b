using System.Globalization;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// Finds the hook points of a model in its graph by following the residual stream: a block takes the stream x, adds the
/// output of attention, then that of the feed-forward part. The additions are found by walking back from the block's
/// output to its input, so an architecture needs no table of its own; only <c>l_out-N</c>, which llama.cpp gives to every
/// block output for its control vectors, is taken by name.
/// </summary>
internal sealed class HookResolver
{
    private const string BlockOutputPrefix = "l_out-";

    // What mixes tokens in place of attention: Mamba, RWKV, gated linear attention.
    private static readonly HashSet<string> RecurrentOperations = new(StringComparer.Ordinal) { "SSM_CONV", "SSM_SCAN", "RWKV_WKV6", "RWKV_WKV7", "GATED_LINEAR_ATTN" };

    private readonly IReadOnlyList<GraphNode> _graph;
    private readonly int _width;
    private readonly int _tokens;
    private readonly int _outputs;
    private readonly List<GraphHook> _hooks = [];

    private HookResolver(IReadOnlyList<GraphNode> graph, int width, int tokens, int outputs)
    {
        _graph = graph;
        _width = width;
        _tokens = tokens;
        _outputs = outputs;
    }

    /// <summary>Resolves the hooks of a probed graph, in graph order of their sites.</summary>
    /// <param name="graph">All nodes, in order.</param>
    /// <param name="width">The width of the hidden state.</param>
    /// <param name="tokens">Tokens in the probe; must differ from <paramref name="outputs"/>.</param>
    /// <param name="outputs">Outputs asked for in the probe.</param>
    internal static IReadOnlyList<GraphHook> Resolve(IReadOnlyList<GraphNode> graph, int width, int tokens, int outputs)
    {
        var resolver = new HookResolver(graph, width, tokens, outputs);
        var input = resolver.FindStreamInput();
        foreach (var (layer, output) in resolver.FindBlockOutputs())
        {
            resolver.ResolveBlock(layer, input, output);
            input = output;
        }

        return resolver._hooks.OrderBy(hook => hook.Site).ToArray();
    }

    /// <summary>What enters block 0: the last node that can, before the first one that belongs to a layer. Recurrent states come before it too.</summary>
    private GraphNode? FindStreamInput() =>
        _graph.TakeWhile(node => !node.Name.EndsWith("-0", StringComparison.Ordinal)).LastOrDefault(node => node.Width == _width && node.Rows == _tokens);

    private IEnumerable<(int Layer, GraphNode Output)> FindBlockOutputs() => _graph
        .Where(node => node.Name.StartsWith(BlockOutputPrefix, StringComparison.Ordinal))
        .Select(node => (Parsed: int.TryParse(node.Name.AsSpan(BlockOutputPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer), Layer: layer, Output: node))
        .Where(found => found.Parsed)
        .GroupBy(found => found.Layer)
        .OrderBy(group => group.Key)
        .Select(group => (group.Key, group.Last().Output));

    private void ResolveBlock(int layer, GraphNode? input, GraphNode output)
    {
        Add(layer, HookPoint.BlockOutput, output);
        if (input is null)
        {
            return;
        }

        var branches = FindBranches(input, output);
        if (branches.Count == 1 && TrySplitParallel(branches[0].Branch, out var left, out var right))
        {
            // Both parts read the block's input, and their sum is added at once (Phi-2, Falcon, …).
            var stream = branches[0].Stream;
            branches = [(left, stream), (right, stream)];
        }

        var attention = branches.FindIndex(branch => UsesAttention(branch.Branch, input));
        var feedForward = branches.FindLastIndex(branch => !UsesAttention(branch.Branch, input));
        if (attention >= 0)
        {
            AddBranch(layer, branches[attention].Branch, HookPoint.AttentionOutput, HookPoint.AttentionPostNorm);
        }

        if (feedForward >= 0)
        {
            AddBranch(layer, branches[feedForward].Branch, HookPoint.FeedForwardOutput, HookPoint.FeedForwardPostNorm);
        }

        AddNorms(layer, attention >= 0 ? branches[attention] : default, feedForward >= 0 ? branches[feedForward] : default, output);
    }

    /// <summary>The additions between a block's input and output, first to last: what is added, and the stream it is added to.</summary>
    private static List<(GraphNode Branch, GraphNode Stream)> FindBranches(GraphNode input, GraphNode output)
    {
        var branches = new List<(GraphNode, GraphNode)>();
        var node = output;
        while (node != input)
        {
            if (node.Is("GET_ROWS") && node.First is { } selected)
            {
                node = selected;
                continue;
            }

            if (!node.Is("ADD"))
            {
                break;
            }

            var stream = Array.FindIndex(node.Sources, source => source is not null && LeadsTo(source, input));
            if (stream < 0 || node.Sources.Length < 2 || node.Sources[1 - stream] is not { } branch)
            {
                break;
            }

            branches.Add((branch, node.Sources[stream]!));
            node = node.Sources[stream]!;
        }

        branches.Reverse();
        return branches;
    }

    private static bool LeadsTo(GraphNode node, GraphNode input)
    {
        while (node != input && node.Index > input.Index)
        {
            if (node.Is("GET_ROWS") && node.First is { } selected)
            {
                node = selected;
            }
            else if (node.Is("ADD") && node.Sources.Count(source => source is not null) == 2)
            {
                return node.Sources.Any(source => source is not null && LeadsTo(source, input));
            }
            else
            {
                return false;
            }
        }

        return node == input;
    }

    private static bool TrySplitParallel(GraphNode branch, out GraphNode left, out GraphNode right)
    {
        left = right = branch;
        if (!branch.Is("ADD") || branch.Sources is not [{ } first, { } second, ..])
        {
            return false;
        }

        (left, right) = (first, second);
        return true;
    }

    private static bool UsesAttention(GraphNode branch, GraphNode input)
    {
        var seen = new HashSet<int>();
        var open = new Stack<GraphNode>([branch]);
        while (open.TryPop(out var node))
        {
            if (node.Index <= input.Index || !seen.Add(node.Index))
            {
                continue;
            }

            // An expert router ends in a softmax as well, but only attention's has a mask.
            if (node.Is("FLASH_ATTN_EXT") || RecurrentOperations.Contains(node.Operation) || (node.Is("SOFT_MAX") && node.SourceNames.Skip(1).Any(name => name.Length > 0)))
            {
                return true;
            }

            // The attention before a feed-forward part reaches it through the stream, which is not part of the branch.
            if (node.Is("ADD") && node != branch && LeadsTo(node, input))
            {
                continue;
            }

            foreach (var source in node.Sources)
            {
                if (source is not null)
                {
                    open.Push(source);
                }
            }
        }

        return false;
    }

    private void AddBranch(int layer, GraphNode branch, HookPoint output, HookPoint postNorm)
    {
        var top = SkipRowSelection(branch);
        top = top.Is("RESHAPE") && top.First is { } shaped ? shaped : top;
        if (FindNormUnder(top) is { } norm && norm.First is { } inner)
        {
            Add(layer, postNorm, top);
            Add(layer, output, SkipRowSelection(inner));
        }
        else
        {
            Add(layer, output, top);
        }
    }

    private void AddNorms(int layer, (GraphNode Branch, GraphNode Stream) attention, (GraphNode Branch, GraphNode Stream) feedForward, GraphNode output)
    {
        var attentionNorm = attention.Branch is null ? null : FindNormOf(attention.Stream, output, after: -1);
        if (attentionNorm is not null)
        {
            Add(layer, HookPoint.AttentionNorm, attentionNorm);
        }

        if (feedForward.Branch is not null)
        {
            // A parallel feed-forward part with a norm of its own reads the same stream as attention.
            var sameStream = attention.Branch is not null && SkipRowSelection(attention.Stream) == SkipRowSelection(feedForward.Stream);
            if (FindNormOf(feedForward.Stream, output, after: sameStream ? attentionNorm?.Index ?? -1 : -1) is { } norm)
            {
                Add(layer, HookPoint.FeedForwardNorm, norm);
            }
        }
    }

    /// <summary>The normalised stream: the norm that reads it, with its gain and bias.</summary>
    private GraphNode? FindNormOf(GraphNode stream, GraphNode output, int after)
    {
        var bare = SkipRowSelection(stream);
        var norm = _graph.Skip(Math.Max(bare.Index, after) + 1).TakeWhile(node => node.Index < output.Index)
            .FirstOrDefault(node => IsNorm(node) && node.First is { } first && SkipRowSelection(first) == bare);
        if (norm is null)
        {
            return null;
        }

        foreach (var operation in new[] { "MUL", "ADD" })
        {
            // Gain and bias are weights, so the other source is no node.
            norm = _graph.Skip(norm.Index + 1).Take(2)
                .FirstOrDefault(node => node.Is(operation) && node.First == norm && node.Sources is [_, null, ..]) ?? norm;
        }

        return norm;
    }

    /// <summary>The norm whose gain and bias end in this node, if they do.</summary>
    private static GraphNode? FindNormUnder(GraphNode node)
    {
        foreach (var operation in new[] { "ADD", "MUL" })
        {
            if (node.Is(operation) && node.Sources is [{ } inner, null, ..])
            {
                node = inner;
            }
        }

        return IsNorm(node) ? node : null;
    }

    private static bool IsNorm(GraphNode node) => node.Is("RMS_NORM") || node.Is("NORM");

    private static GraphNode SkipRowSelection(GraphNode node) => node.Is("GET_ROWS") && node.First is { } selected ? selected : node;

    private void Add(int layer, HookPoint hook, GraphNode node)
    {
        if (node.IsF32 && node.Width == _width && (node.Rows == _tokens || node.Rows == _outputs) && NodeSignature.Of(node, _graph) is { } signature)
        {
            _hooks.Add(new GraphHook(new Site(layer, hook), signature, node.Rows == _outputs));
        }
    }
}
