namespace SemanticKernel.Steering;

/// <summary>Fits one site and tries its map on samples that were held out.</summary>
internal static class SiteFit
{
    /// <exception cref="SteeringFitException">Samples or options cannot be used together, or a result is not finite; the message names the site.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static (SiteMap Map, SiteTrust? Trust) Run(Site site, SiteSamples fit, SiteSamples? heldOut, FitOptions options, CancellationToken cancellationToken)
    {
        var map = SiteMap.FitNamed(site, fit, options, cancellationToken);
        try
        {
            return (map, heldOut is null ? null : SiteTrust.Of(site, map, fit, heldOut));
        }
        catch (NotFiniteNumberException error)
        {
            throw new SteeringFitException($"{site}: on texts that were held out the map gives values that are not finite. {error.Message}", error);
        }
    }
}
