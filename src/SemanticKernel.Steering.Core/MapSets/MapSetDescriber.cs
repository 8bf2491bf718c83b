namespace SemanticKernel.Steering;

/// <summary>Works out the figures of a <see cref="MapSetDescription"/>.</summary>
internal static class MapSetDescriber
{
    public static MapSetDescription Describe(MapSet maps)
    {
        var sites = maps.Operations.Select(pair => Describe(pair.Key, pair.Value)).ToArray();
        return new MapSetDescription
        {
            Concept = maps.Concept,
            Model = maps.Metadata.Model,
            Estimator = maps.Metadata.Estimator,
            Sites = Array.AsReadOnly(sites),
            MeanAbsoluteIntercept = Mean(sites.Select(site => site.MeanAbsoluteIntercept)),
            Slopes = Quantiles(maps.Maps.Values.SelectMany(map => map.Slope.ToArray())),
            NearIdentityShare = Mean(sites.Select(site => site.NearIdentityShare)),
        };
    }

    private static SiteDescription Describe(Site site, SiteMap map) => new()
    {
        Site = site,
        Operation = map.Operation,
        Width = map.Width,
        IsBounded = !map.IsUnbounded,
        IsIdentity = map.IsIdentity,
        MeanAbsoluteIntercept = map switch
        {
            TransportMap affine => MeanAbsolute(affine.Intercept),
            NormPreservingShift shift => MeanAbsolute(shift.Shift),
            _ => null,
        },
        Slopes = map is TransportMap sloped ? Quantiles(sloped.Slope.ToArray()) : null,
        NearIdentityShare = map is TransportMap moving ? NearIdentity(moving) : null,
    };

    // The sites of a set are all of one width, so the mean over sites is that over neurons.
    private static double? Mean(IEnumerable<double?> figures) => figures.Average();

    private static double MeanAbsolute(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Abs((double)value);
        }

        return sum / values.Length;
    }

    private static SlopeQuantiles? Quantiles(IEnumerable<float> slopes)
    {
        var sorted = slopes.Order().Select(slope => (double)slope).ToArray();
        return sorted.Length == 0 ? null : new SlopeQuantiles(At(0), At(5), At(50), At(95), At(100));

        double At(double percent) => Quantile.OfSorted(sorted, percent);
    }

    private static double NearIdentity(TransportMap map)
    {
        var limit = MapSetDescription.NearIdentityTolerance * SteeringVector.Norm(map.Intercept) / Math.Sqrt(map.Width);
        var slope = map.Slope;
        var intercept = map.Intercept;
        var count = 0;
        for (var i = 0; i < slope.Length; i++)
        {
            count += Math.Abs(slope[i] - 1.0) <= MapSetDescription.NearIdentityTolerance && Math.Abs(intercept[i]) <= limit ? 1 : 0;
        }

        return (double)count / map.Width;
    }
}
