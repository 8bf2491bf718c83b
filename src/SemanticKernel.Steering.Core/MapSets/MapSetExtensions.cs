namespace SemanticKernel.Steering;

/// <summary>Makes map sets out of others, which stay as they are.</summary>
public static class MapSetExtensions
{
    /// <summary>Joins two sets of one concept that act at different sites.</summary>
    /// <param name="maps">The set whose metadata the result has.</param>
    /// <param name="other">A set of the same concept, model and scope.</param>
    /// <returns>A set with the sites of both.</returns>
    /// <exception cref="ArgumentException">Concept, model, template or scope differ, or both have the same site.</exception>
    public static MapSet Merge(this MapSet maps, MapSet other)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(other);
        var (own, its) = (maps.Metadata, other.Metadata);
        return own.Concept == its.Concept && own.Model == its.Model && own.Scope == its.Scope && own.ChatTemplateSha256 == its.ChatTemplateSha256
            ? new MapSet(own, maps.Operations.Concat(other.Operations))
            : throw new ArgumentException($"Only sets of the same concept, model, chat template and scope merge, not '{own.Concept}' and '{its.Concept}'.", nameof(other));
    }

    /// <summary>Keeps some of the sites.</summary>
    /// <param name="maps">The set.</param>
    /// <param name="sites">Which sites; the set must have each of those asked for by number or name.</param>
    /// <returns>A set with these sites only.</returns>
    /// <exception cref="SteeringFitException">A site is asked for that the set does not have.</exception>
    public static MapSet Subset(this MapSet maps, SiteSelector sites)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(sites);
        return new MapSet(maps.Metadata, sites.Resolve(maps.Operations.Keys).Select(site => KeyValuePair.Create(site, maps.Operations[site])));
    }
}
