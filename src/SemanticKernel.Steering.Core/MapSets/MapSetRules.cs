namespace SemanticKernel.Steering;

/// <summary>What holds for every map set, whether fitted, imported or loaded.</summary>
internal static class MapSetRules
{
    /// <summary>Checks metadata and maps and puts the maps in graph order.</summary>
    /// <exception cref="ArgumentException">A rule is broken.</exception>
    public static SortedList<Site, SiteMap> Check(MapSetMetadata metadata, IEnumerable<KeyValuePair<Site, SiteMap>> maps)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(maps);
        ConceptName.Check(metadata.Concept, nameof(metadata));
        CheckModel(metadata.Model);
        Require(metadata.RecommendedStrength is not { } strength || double.IsFinite(strength), "the recommended strength is not finite");
        Require(metadata.SourceCount is not < 0 && metadata.TargetCount is not < 0, "a count of texts is negative");
        var sorted = new SortedList<Site, SiteMap>();
        // Sorted first, so that a file with very many sites costs no more than it should.
        foreach (var (site, map) in maps.OrderBy(pair => pair.Key))
        {
            ArgumentNullException.ThrowIfNull(map, nameof(maps));
            Require(site.Layer < metadata.Model.Layers, $"site {site} lies beyond the model's {metadata.Model.Layers} layers");
            Require(map.Width == metadata.Model.Width, $"the map of {site} has width {map.Width}, the model {metadata.Model.Width}");
            Require(sorted.TryAdd(site, map), $"site {site} has two maps");
        }

        Require(sorted.Count > 0, "there are no maps");
        return sorted;
    }

    private static void CheckModel(ModelIdentity model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Require(model.Width > 0, "the model's width is not positive");
        Require(model.Layers > 0, "the model's number of layers is not positive");
        Require(model.Name is not null, "the model's name is missing");
        Require(!string.IsNullOrEmpty(model.Architecture), "the model's architecture is missing");
        Require(!string.IsNullOrEmpty(model.BaseHash), "the model's base hash is missing");
        Require(!string.IsNullOrEmpty(model.WeightsHash), "the model's weights hash is missing");
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new ArgumentException(problem);
        }
    }
}
