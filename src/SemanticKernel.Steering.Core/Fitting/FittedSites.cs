namespace SemanticKernel.Steering;

/// <summary>The maps of a concept in the making.</summary>
internal sealed class FittedSites
{
    private readonly Dictionary<Site, SiteMap> _maps = [];
    private readonly List<SiteTrust> _trust = [];

    public IReadOnlyDictionary<Site, SiteMap> Maps => _maps;

    /// <summary>What the maps do to samples that were held out; empty if none were.</summary>
    public IReadOnlyList<SiteTrust> Trust => _trust;

    public void Add(Site site, SiteMap map, SiteTrust? trust)
    {
        _maps.Add(site, map);
        if (trust is not null)
        {
            _trust.Add(trust);
        }
    }
}
