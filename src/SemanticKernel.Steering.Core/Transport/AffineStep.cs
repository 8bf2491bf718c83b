namespace SemanticKernel.Steering;

/// <summary>What one neuron does to a value at a given strength: x · scale + offset equals x + strength · (T(x) − x).</summary>
internal readonly record struct AffineStep(float Scale, float Offset)
{
    /// <summary>
    /// The step that changes no bit of any finite value. The offset is −0 because x + 0 would turn −0 into +0, and x + (−0) is x for every x.
    /// </summary>
    public static AffineStep Nothing => new(1f, -0f);

    public static AffineStep Of(double slope, double intercept, double strength) =>
        Rounded(1 + (strength * (slope - 1)), strength * intercept);

    public static AffineStep Rounded(double scale, double offset)
    {
        var step = new AffineStep((float)scale, (float)offset);
        return step is { Scale: 1f, Offset: 0f } ? Nothing : step;
    }
}
