using System.Text;

namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// The hook points of a model, and what its graph reads as tokens and positions. Immutable; an index into
/// <see cref="Hooks"/> identifies a hook everywhere in the engine.
/// </summary>
internal sealed class HookTable
{
    private readonly Dictionary<Site, int> _indexBySite;

    internal HookTable(IReadOnlyList<GraphHook> hooks, int width, InputReader? tokenReader, InputReader? positionReader)
    {
        Hooks = hooks;
        Width = width;
        TokenReader = tokenReader;
        PositionReader = positionReader;
        _indexBySite = hooks.Select((hook, index) => (hook.Site, index)).ToDictionary(entry => entry.Site, entry => entry.index);
        NamesByHook = hooks.Select(hook => Encoding.UTF8.GetBytes(hook.Signature.Name)).ToArray();
    }

    internal IReadOnlyList<GraphHook> Hooks { get; }

    internal byte[][] NamesByHook { get; }

    internal int Width { get; }

    /// <summary>Values per token of the graph's widest node, logits apart.</summary>
    internal long WidestRow { get; init; }

    /// <summary>How the graph reads token ids that a decode can be checked against; null where it does not.</summary>
    internal InputReader? TokenReader { get; }

    /// <summary>How the graph reads positions that a decode can be checked against; null where it does not.</summary>
    internal InputReader? PositionReader { get; }

    /// <exception cref="SteeringException">The graph has no such site.</exception>
    internal int IndexOf(Site site) => _indexBySite.TryGetValue(site, out var index)
        ? index
        : throw new SteeringException($"The model's graph has no hook point {site}. It has: {string.Join(", ", Hooks.Select(hook => hook.Site))}.");
}
