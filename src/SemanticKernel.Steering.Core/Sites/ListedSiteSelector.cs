namespace SemanticKernel.Steering;

/// <summary>Selects the sites of a list.</summary>
internal sealed class ListedSiteSelector : SiteSelector
{
    private readonly Site[] _sites;

    public ListedSiteSelector(IEnumerable<Site> sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        _sites = sites.Distinct().Order().ToArray();
        if (_sites.Length == 0)
        {
            throw new ArgumentException("At least one site must be selected.", nameof(sites));
        }
    }

    public override string ToString() => string.Join(", ", _sites);

    private protected override IReadOnlyList<Site> Select(SortedSet<Site> available)
    {
        var missing = _sites.Where(site => !available.Contains(site)).ToArray();
        return missing.Length == 0 ? _sites : throw Missing(string.Join(", ", missing), available);
    }
}
