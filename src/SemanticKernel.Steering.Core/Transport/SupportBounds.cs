namespace SemanticKernel.Steering;

/// <summary>The closed interval in which one neuron's map acts.</summary>
internal readonly record struct SupportBounds(float Low, float High)
{
    /// <summary>Whether no value lies within, as when an open interval is empty.</summary>
    public bool IsEmpty => Low > High;

    public static SupportBounds Closed(double low, double high) => new((float)low, (float)high);

    /// <summary>The closed interval that holds the same floats as an open one.</summary>
    public static SupportBounds Open(double low, double high) =>
        new(float.BitIncrement((float)low), float.BitDecrement((float)high));
}
