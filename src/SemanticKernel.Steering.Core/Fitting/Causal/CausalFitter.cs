namespace SemanticKernel.Steering;

/// <summary>Fits the sites of a concept one after the other, each on what the maps before it leave (paper Definition 3.2).</summary>
internal static class CausalFitter
{
    /// <summary>Fits every site the run stops at.</summary>
    /// <param name="run">The texts on their way through the model.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="onFitted">Hears of every site that is fitted, with what it was fitted on.</param>
    /// <returns>The maps by site.</returns>
    /// <exception cref="SteeringFitException">Samples or options cannot be used together, or a result is not finite.</exception>
    public static Dictionary<Site, SiteMap> Fit(ICausalRun run, FitOptions options, Action<SiteSamples, SiteMap>? onFitted = null)
    {
        var maps = new Dictionary<Site, SiteMap>();
        while (run.RunToNextSite() is { } samples)
        {
            var map = SiteMap.Fit(samples.Source, samples.Target, options);
            maps.Add(samples.Site, map);
            onFitted?.Invoke(samples, map);
            run.Steer(map);
        }

        return maps;
    }
}
