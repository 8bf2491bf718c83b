namespace SemanticKernel.Steering;

/// <summary>Makes map sets out of others, which stay as they are.</summary>
public static class MapSetExtensions
{
    /// <summary>Joins two sets of one concept that act at different sites.</summary>
    /// <param name="maps">The set whose name of the model the result keeps.</param>
    /// <param name="other">A set of the same concept, model, chat template and scope.</param>
    /// <returns>A set with the sites of both. What both say alike about themselves is kept, the rest left out.</returns>
    /// <exception cref="ArgumentException">Concept, model, template or scope differ, which the message names, or both have the same site.</exception>
    public static MapSet Merge(this MapSet maps, MapSet other)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(other);
        CheckSameOrigin(maps, other);
        return new MapSet(Common(maps.Metadata, other.Metadata), maps.Operations.Concat(other.Operations));
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

    /// <summary>Makes a set that does at strength λ what the given one does at factor · λ.</summary>
    /// <remarks>
    /// A map ω·x + β becomes (1 + factor·(ω − 1))·x + factor·β within the same support; of a <see cref="NormPreservingShift"/> the shift is multiplied. A
    /// <see cref="DirectionAblation"/> has a direction and no amount, so that only its strength can be chosen. The recommended strength is divided by the factor.
    /// </remarks>
    /// <param name="maps">The set.</param>
    /// <param name="factor">The factor, finite; 0 gives a set that does nothing, below 0 one that acts the other way round.</param>
    /// <returns>The scaled set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">A site ablates a direction and the factor is not 1, or a value overflows; the message names the site.</exception>
    public static MapSet Scale(this MapSet maps, double factor)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (!double.IsFinite(factor))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "A factor must be finite.");
        }

        if (factor == 1)
        {
            return maps;
        }

        var recommended = factor == 0 ? null : maps.Metadata.RecommendedStrength / factor;
        return Each(
            maps.Metadata with { RecommendedStrength = recommended is { } strength && double.IsFinite(strength) ? strength : null },
            maps.Operations.Keys,
            site => SiteMapAlgebra.Scale(maps.Operations[site], factor));
    }

    /// <summary>Makes the set that lies a share t of the way from one set to another of the same concept.</summary>
    /// <remarks>
    /// Slopes, intercepts, shifts and the bounds of supports go in a straight line, as quantiles do on the shortest way between two distributions. At strength
    /// λ an unbounded result moves a value by (1 − t) times what the first set does plus t times what the second does. A site that only one set has is
    /// taken to be left alone by the other. What both sets say alike about themselves is kept, the rest left out.
    /// </remarks>
    /// <param name="maps">The set at t = 0.</param>
    /// <param name="other">The set at t = 1, of the same concept, model, chat template and scope.</param>
    /// <param name="t">The share of the way, from 0 to 1.</param>
    /// <returns>The set in between; at 0 and 1 the given sets themselves.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share lies outside of 0 to 1.</exception>
    /// <exception cref="ArgumentException">
    /// Concept, model, template or scope differ, or at some site nothing lies between: maps of different kinds, a bounded and an unbounded one, two
    /// ablations of different directions or one that the other set lacks. The message names the site.
    /// </exception>
    public static MapSet Interpolate(this MapSet maps, MapSet other, double t)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(other);
        CheckSameOrigin(maps, other);
        if (!(t is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(t), t, "A share of the way lies between 0 and 1.");
        }

        return t switch
        {
            0 => maps,
            1 => other,
            _ => Each(
                Common(maps.Metadata, other.Metadata),
                maps.Operations.Keys.Union(other.Operations.Keys),
                site => SiteMapAlgebra.Interpolate(maps.Operations.GetValueOrDefault(site), other.Operations.GetValueOrDefault(site), t)),
        };
    }

    private static void CheckSameOrigin(MapSet maps, MapSet other)
    {
        if (Difference(maps.Metadata, other.Metadata) is { } difference)
        {
            throw new ArgumentException($"Only sets of the same concept, model, chat template and scope go together; these differ in {difference}.", nameof(other));
        }
    }

    private static string? Difference(MapSetMetadata own, MapSetMetadata its) =>
        own.Concept != its.Concept ? $"their concept, '{own.Concept}' and '{its.Concept}'"
        : !own.Model.HasSameBase(its.Model) ? $"their model, {own.Model} and {its.Model}"
        : own.Model.WeightsHash != its.Model.WeightsHash ? $"the weights of their model, {own.Model} and {its.Model}"
        : own.ChatTemplateSha256 != its.ChatTemplateSha256 ? $"their chat template, {own.ChatTemplateSha256 ?? "none"} and {its.ChatTemplateSha256 ?? "none"}"
        : own.Scope != its.Scope ? $"their scope, {own.Scope} and {its.Scope}"
        : null;

    private static MapSet Each(MapSetMetadata metadata, IEnumerable<Site> sites, Func<Site, SiteMap> make) =>
        new(metadata, sites.Select(site =>
        {
            try
            {
                return KeyValuePair.Create(site, make(site));
            }
            catch (ArgumentException error)
            {
                throw new ArgumentException($"Site {site}: {error.Message}", error);
            }
        }));

    private static MapSetMetadata Common(MapSetMetadata first, MapSetMetadata second) => new()
    {
        Concept = first.Concept,
        Model = first.Model,
        Scope = first.Scope,
        ChatTemplateSha256 = first.ChatTemplateSha256,
        RecommendedStrength = first.RecommendedStrength == second.RecommendedStrength ? first.RecommendedStrength : null,
        Estimator = first.Estimator == second.Estimator ? first.Estimator : null,
        Mode = first.Mode == second.Mode ? first.Mode : null,
        Order = first.Order == second.Order ? first.Order : null,
        CausalSides = first.CausalSides == second.CausalSides ? first.CausalSides : null,
        Shrinkage = first.Shrinkage == second.Shrinkage ? first.Shrinkage : null,
        HeldOutShare = first.HeldOutShare == second.HeldOutShare ? first.HeldOutShare : null,
        Pooling = first.Pooling == second.Pooling ? first.Pooling : null,
        Tokens = first.Tokens == second.Tokens ? first.Tokens : null,
        SourceCount = first.SourceCount == second.SourceCount ? first.SourceCount : null,
        TargetCount = first.TargetCount == second.TargetCount ? first.TargetCount : null,
        DataSha256 = first.DataSha256 == second.DataSha256 ? first.DataSha256 : null,
        Created = first.Created == second.Created ? first.Created : null,
        Tool = first.Tool == second.Tool ? first.Tool : null,
    };
}
