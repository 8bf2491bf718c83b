namespace SemanticKernel.Steering;

/// <summary>Selects one hook point over a range of layers.</summary>
internal sealed class LayerRangeSelector : SiteSelector
{
    private readonly HookPoint _hook;
    private readonly int? _first;
    private readonly int? _last;

    public LayerRangeSelector(HookPoint hook, int? first, int? last)
    {
        // The constructor of Site checks the hook point and both layers.
        _ = new Site(first ?? 0, hook);
        _ = new Site(last ?? 0, hook);
        if (first > last)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first, $"The first layer lies after the last one, {last}.");
        }

        (_hook, _first, _last) = (hook, first, last);
    }

    public override string ToString() => $"{_hook.ToName()} of layers {_first?.ToString() ?? "first"} to {_last?.ToString() ?? "last"}";

    private protected override IReadOnlyList<Site> Select(SortedSet<Site> available)
    {
        // A bound that was asked for must exist, or a typing error would silently select less.
        foreach (var layer in new[] { _first, _last })
        {
            if (layer is { } wanted && !available.Contains(new Site(wanted, _hook)))
            {
                throw Missing(new Site(wanted, _hook).ToString(), available);
            }
        }

        var selected = available
            .Where(site => site.Hook == _hook && site.Layer >= (_first ?? 0) && site.Layer <= (_last ?? int.MaxValue))
            .ToArray();
        return selected.Length > 0 ? selected : throw Missing($"blk.*.{_hook.ToName()}", available);
    }
}
