namespace LLama.Native;

/// <summary>Stand-in. A token.</summary>
public readonly record struct LLamaToken
{
    private LLamaToken(int value) => Number = value;

    internal int Number { get; }

    /// <summary>Takes a number for one.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator LLamaToken(int value) => new(value);
}
