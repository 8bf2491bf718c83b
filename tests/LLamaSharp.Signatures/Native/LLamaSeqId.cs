namespace LLama.Native;

/// <summary>Stand-in. A sequence.</summary>
public readonly record struct LLamaSeqId
{
    private LLamaSeqId(int value) => Number = value;

    internal int Number { get; }

    /// <summary>Takes a number for one.</summary>
    /// <param name="value">The number.</param>
    public static explicit operator LLamaSeqId(int value) => new(value);
}
