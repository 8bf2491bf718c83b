namespace SemanticKernel.Steering;

/// <summary>Which sites of a model are fitted. Immutable and safe to share between threads.</summary>
public abstract class SiteSelector
{
    private protected SiteSelector()
    {
    }

    /// <summary>Every block output: the default.</summary>
    public static SiteSelector AllBlockOutputs { get; } = Of(HookPoint.BlockOutput);

    /// <summary>One hook point in a range of layers.</summary>
    /// <param name="hook">The hook point.</param>
    /// <param name="firstLayer">The first layer, counted from 0; null for the first one that has the hook point.</param>
    /// <param name="lastLayer">The last layer, included; null for the last one that has the hook point.</param>
    /// <returns>The selector.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The hook point is not a defined one, a layer is negative, or the range is empty.</exception>
    public static SiteSelector Of(HookPoint hook, int? firstLayer = null, int? lastLayer = null) =>
        new LayerRangeSelector(hook, firstLayer, lastLayer);

    /// <summary>Exactly these sites.</summary>
    /// <param name="sites">At least one site; the order does not matter and repetitions count once.</param>
    /// <returns>The selector.</returns>
    /// <exception cref="ArgumentException">There is no site.</exception>
    public static SiteSelector Of(IEnumerable<Site> sites) => new ListedSiteSelector(sites);

    /// <summary>Picks the selected sites from those a model has.</summary>
    /// <param name="available">All sites of the model, in any order.</param>
    /// <returns>The selected sites in graph order, at least one.</returns>
    /// <exception cref="SteeringFitException">A selected site does not exist; the message names those that do.</exception>
    public IReadOnlyList<Site> Resolve(IEnumerable<Site> available)
    {
        ArgumentNullException.ThrowIfNull(available);
        return Select(new SortedSet<Site>(available));
    }

    private protected abstract IReadOnlyList<Site> Select(SortedSet<Site> available);

    private protected static SteeringFitException Missing(string wanted, SortedSet<Site> available) =>
        new($"The model has no site {wanted}. It has: {(available.Count == 0 ? "none" : string.Join(", ", available))}.");
}
