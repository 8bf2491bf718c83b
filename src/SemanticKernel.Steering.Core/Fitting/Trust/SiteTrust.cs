namespace SemanticKernel.Steering;

/// <summary>How far the map of one site can be trusted, measured on samples that it was not fitted on.</summary>
/// <param name="Site">The site.</param>
/// <param name="DistanceBefore">
/// The Wasserstein-1 distance between source and target, per neuron and averaged over the neurons, in units of the hidden state.
/// </param>
/// <param name="DistanceAfter">The same once the map has moved the source at strength 1. A map that helps on unseen texts makes it smaller.</param>
/// <param name="BestNeuron">The neuron that tells the sets apart best on the samples of the fit.</param>
/// <param name="NeuronAuroc">
/// How well that neuron alone tells the held-out sets apart, whatever the threshold: 1 perfectly, ½ not at all, below ½ the other way round than on the
/// samples of the fit.
/// </param>
/// <param name="DirectionAuroc">
/// The same for the projection onto the difference of the means of the samples of the fit: what a linear probe of the site could know at least.
/// </param>
public sealed record SiteTrust(
    Site Site, double DistanceBefore, double DistanceAfter, int BestNeuron, double NeuronAuroc, double DirectionAuroc)
{
    /// <summary>The share of the distance that is left after the map; NaN where there was none.</summary>
    public double DistanceLeft => DistanceAfter / DistanceBefore;

    /// <summary>Measures a map of any kind. Weights of the samples count; the order of the samples does not.</summary>
    /// <param name="site">The site, for the report.</param>
    /// <param name="map">The map, fitted on <paramref name="fit"/>.</param>
    /// <param name="fit">The samples that the map was fitted on.</param>
    /// <param name="heldOut">Samples that it was not fitted on; at least one on each side, counts may differ.</param>
    /// <returns>The measurements.</returns>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    /// <exception cref="NotFiniteNumberException">The map makes a held-out sample NaN or infinite.</exception>
    public static SiteTrust Of(Site site, SiteMap map, SiteSamples fit, SiteSamples heldOut)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(heldOut);
        if (fit.Width != map.Width || heldOut.Width != map.Width)
        {
            throw new ArgumentException($"The map has width {map.Width}, the samples of the fit {fit.Width}, those held out {heldOut.Width}.", nameof(heldOut));
        }

        var before = NeuronMeasures.Distances(heldOut);
        var after = NeuronMeasures.Distances(new SiteSamples(NeuronMeasures.Moved(heldOut.Source, map), heldOut.Target));
        var (neuron, neuronAuroc) = Separation.OfBestNeuron(fit, heldOut);
        return new SiteTrust(site, before.Average(), after.Average(), neuron, neuronAuroc, Separation.AlongMeans(fit, heldOut));
    }
}
