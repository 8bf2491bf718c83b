namespace SemanticKernel.Steering;

/// <summary>How the strengths of a map set's sites are found. Immutable and safe to share between threads.</summary>
public sealed record CalibrationOptions
{
    /// <summary>How often every site is gone over after the strength that all sites share was found.</summary>
    /// <value>The default is 1. With 0 all sites keep one strength; more find little more.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Passes
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There cannot be fewer passes than none.");
    } = 1;

    /// <summary>The largest number of target texts that are used; an even choice of them, if there are more.</summary>
    /// <value>The default is 128.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 2.</exception>
    public int MaxTexts
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Calibrating needs 2 texts, one of them to check the result on.");
    } = 128;
}
