namespace SemanticKernel.Steering.Fuzz;

/// <summary>Numbers at which readers go wrong: limits of types and what lies beside a number that is right.</summary>
internal static class InterestingNumbers
{
    internal static ulong Pick(Random random, ulong right) => random.Next(14) switch
    {
        0 => 0,
        1 => 1,
        2 => right + 1,
        3 => right - 1,
        4 => right * 2,
        5 => int.MaxValue,
        6 => 1UL << 31,
        7 => uint.MaxValue,
        8 => 1UL << 32,
        9 => long.MaxValue,
        10 => 1UL << 63,
        11 => ulong.MaxValue,
        12 => ulong.MaxValue - (ulong)random.Next(64),
        _ => (ulong)random.NextInt64(),
    };
}
