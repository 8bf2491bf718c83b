using System.Collections.ObjectModel;
using System.Globalization;
using System.Text;

namespace SemanticKernel.Steering;

/// <summary>How far the maps of a concept can be trusted, site by site, measured on texts that they were not fitted on. Immutable.</summary>
public sealed record TrustReport
{
    private TrustReport(SiteTrust[] sites, int sourceCount, int targetCount) =>
        (Sites, SourceCount, TargetCount) = (new ReadOnlyCollection<SiteTrust>(sites), sourceCount, targetCount);

    /// <summary>The sites, in graph order.</summary>
    public IReadOnlyList<SiteTrust> Sites { get; }

    /// <summary>How many source texts were held out.</summary>
    public int SourceCount { get; }

    /// <summary>How many target texts were held out.</summary>
    public int TargetCount { get; }

    /// <summary>Measures the maps of all sites, on all cores.</summary>
    /// <param name="maps">The maps, for example <see cref="MapSet.Operations"/>; at least one.</param>
    /// <param name="fit">The samples that they were fitted on; every site of <paramref name="maps"/>.</param>
    /// <param name="heldOut">Samples that they were not fitted on; every site of <paramref name="maps"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">There are no maps, a site lacks its samples, or widths differ.</exception>
    /// <exception cref="NotFiniteNumberException">A map makes a held-out sample NaN or infinite.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static TrustReport Of(
        IReadOnlyDictionary<Site, SiteMap> maps,
        IReadOnlyDictionary<Site, SiteSamples> fit,
        IReadOnlyDictionary<Site, SiteSamples> heldOut,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(heldOut);
        foreach (var site in maps.Keys)
        {
            if (!fit.ContainsKey(site) || !heldOut.ContainsKey(site))
            {
                throw new ArgumentException($"There are no samples of {site}.", nameof(heldOut));
            }
        }

        var trusts = SiteLoop.Run(maps, (site, map) => SiteTrust.Of(site, map, fit[site], heldOut[site]), cancellationToken: cancellationToken);
        if (trusts.Count == 0)
        {
            throw new ArgumentException("A report needs at least one map.", nameof(maps));
        }

        var any = heldOut[trusts.Keys.First()];
        return Of(trusts.Values, any.Source.Count, any.Target.Count);
    }

    /// <summary>Puts a report together from sites that were measured one by one.</summary>
    internal static TrustReport Of(IEnumerable<SiteTrust> sites, int sourceCount, int targetCount) =>
        new([.. sites.OrderBy(trust => trust.Site)], sourceCount, targetCount);

    /// <summary>Lays the report out as a table, for people to read.</summary>
    /// <returns>A line on what was held out, a heading, and one line per site.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Held out: {SourceCount} source and {TargetCount} target texts.\n");
        text.Append(CultureInfo.InvariantCulture, $"{"site",-30} {"W1 before",10} {"W1 after",10} {"left",6} {"neuron",7} {"AUROC",6} {"AUROC along means",18}\n");
        foreach (var site in Sites)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{site.Site,-30} {site.DistanceBefore,10:G4} {site.DistanceAfter,10:G4} {site.DistanceLeft,6:P0} {site.BestNeuron,7} {site.NeuronAuroc,6:F3} {site.DirectionAuroc,18:F3}\n");
        }

        return text.ToString();
    }
}
