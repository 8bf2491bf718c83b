namespace LLama.Native;

/// <summary>Stand-in. A position in a sequence.</summary>
public readonly record struct LLamaPos
{
    private LLamaPos(int value) => Number = value;

    internal int Number { get; }

    /// <summary>Takes a number for one.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator LLamaPos(int value) => new(value);
}
