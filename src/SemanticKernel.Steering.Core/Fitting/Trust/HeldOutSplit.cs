namespace SemanticKernel.Steering;

/// <summary>Which samples of one side maps are fitted on, and which they are tried on; both in ascending order.</summary>
/// <param name="Fit">The indices of the samples to fit on.</param>
/// <param name="HeldOut">The indices of the samples to try on.</param>
internal sealed record HeldOutSplit(int[] Fit, int[] HeldOut)
{
    /// <summary>Splits both sides by index alone, each by the same share.</summary>
    /// <remarks>
    /// Both sides are drawn with the same seed, so that sides of equal size lose the same indices: paired samples stay together.
    /// The same counts, options and seed always give the same split.
    /// </remarks>
    /// <param name="source">The number of source samples.</param>
    /// <param name="target">The number of target samples.</param>
    /// <param name="options">Their <see cref="FitOptions.HeldOutShare"/> of each side is held out, rounded, but at least one sample and at most half of them.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="SteeringFitException">A side is too small to hold anything out, or paired sides differ in size.</exception>
    public static (HeldOutSplit Source, HeldOutSplit Target) Of(int source, int target, FitOptions options, int seed = 0)
    {
        DirectionFitter.CheckPairs(source, target, options);
        return (Of(source, options.HeldOutShare, seed), Of(target, options.HeldOutShare, seed));
    }

    private static HeldOutSplit Of(int count, double share, int seed)
    {
        var order = Enumerable.Range(0, count).ToArray();
        if (share == 0)
        {
            return new HeldOutSplit(order, []);
        }

        if (count < 2)
        {
            throw new SteeringFitException($"Holding out texts for a trust report needs at least 2 on each side, not {count}.");
        }

        var heldOut = Math.Clamp((int)Math.Round(share * count, MidpointRounding.AwayFromZero), 1, count / 2);
        new Random(seed).Shuffle(order);
        return new HeldOutSplit([.. order[heldOut..].Order()], [.. order[..heldOut].Order()]);
    }
}
