using SemanticKernel.Steering.LlamaCpp.Hooks;
using SemanticKernel.Steering.LlamaCpp.Native;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Hooks;

/// <summary>Throws at one hook for as long as it is told to.</summary>
internal sealed class FaultyCallback : HookedCallback
{
    private readonly Site _site;

    internal FaultyCallback(HookTable table, TensorLayout layout, Site site, StateAccess access = StateAccess.Auto)
        : base(table, layout, access)
    {
        _site = site;
        Activate(Enumerable.Repeat(true, table.Hooks.Count).ToArray());
    }

    internal bool Throws { get; set; } = true;

    internal int CallsAfterFault { get; private set; }

    protected override bool OnRows(int hook, Span<float> rows, int rowCount, bool outputRowsOnly)
    {
        CallsAfterFault += Fault is null ? 0 : 1;
        return Throws && Table.Hooks[hook].Site == _site ? throw new InvalidOperationException("broken on purpose") : false;
    }
}
