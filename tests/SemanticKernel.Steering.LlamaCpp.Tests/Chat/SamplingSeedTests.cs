using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat;

public class SamplingSeedTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(uint.MaxValue - 1L)]
    public void Of_32Bits_StaysAsItIs(long seed) => Assert.Equal(seed, SamplingSeed.Of(seed));

    [Fact]
    public void Of_Boundaries_AllDifferAndNoneIsRandom()
    {
        long[] seeds = [0, 1, -1, -2, uint.MaxValue - 1L, uint.MaxValue, 1L << 32, (1L << 32) + 1, -(1L << 32), -(1L << 32) - 1, long.MinValue, long.MaxValue];

        var mapped = seeds.Select(SamplingSeed.Of).ToList();

        Assert.Equal(seeds.Length, mapped.Distinct().Count());
        Assert.DoesNotContain(uint.MaxValue, mapped);
        Assert.Equal(SamplingSeed.Of((long)uint.MaxValue), SamplingSeed.Of(uint.MaxValue));
    }
}
