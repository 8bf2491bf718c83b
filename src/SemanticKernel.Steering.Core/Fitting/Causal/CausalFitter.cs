namespace SemanticKernel.Steering;

/// <summary>Fits the sites of a concept one after the other, each on what the maps before it leave (paper Definition 3.2).</summary>
internal static class CausalFitter
{
    /// <summary>Fits every site the run stops at.</summary>
    /// <param name="run">The texts on their way through the model.</param>
    /// <param name="options">How to fit.</param>
    /// <param name="fitted">Receives the maps, and what they do to samples that were held out.</param>
    /// <param name="reportDone">Hears how many sites are fitted.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="SteeringFitException">Samples or options cannot be used together, or a result is not finite; the message names the site.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static void Fit(ICausalRun run, FitOptions options, FittedSites fitted, Action<int>? reportDone = null, CancellationToken cancellationToken = default)
    {
        while (run.RunToNextSite() is { } stop)
        {
            var (map, trust) = SiteFit.Run(stop.Site, stop.Fit, stop.HeldOut, options, cancellationToken);
            fitted.Add(stop.Site, map, trust);
            reportDone?.Invoke(fitted.Maps.Count);
            run.Steer(map);
        }
    }
}
