namespace SemanticKernel.Steering;

/// <summary>The map of one neuron, T(x) = slope · x + intercept, in double precision.</summary>
internal readonly record struct AffineMap(double Slope, double Intercept)
{
    public static AffineMap Identity => new(1, 0);

    /// <summary>Makes the map with a given slope that carries one mean onto the other.</summary>
    /// <remarks>The slope is rounded to what a map stores before the intercept is taken, so that the stored map still carries mean onto mean.</remarks>
    public static AffineMap Through(double slope, double sourceMean, double targetMean)
    {
        double stored = (float)slope;
        return new AffineMap(stored, targetMean - (stored * sourceMean));
    }
}
