namespace SemanticKernel.Steering.Tests;

public sealed class TransportMapTests
{
    private static readonly float[] Special =
        [0f, -0f, float.Epsilon, -float.Epsilon, 1f, -1f, float.MaxValue, float.MinValue, 1e-30f, 3.4e38f, float.NaN, float.PositiveInfinity];

    [Fact]
    public void Apply_StrengthZero_LeavesEveryBit()
    {
        var map = new TransportMap(Filled(12, 2), Filled(12, 3));
        var row = Special.ToArray();
        map.Apply(row, 0f);
        map.Apply(row, -0f);
        Assert.Equal(Bits(Special), Bits(row));
    }

    [Fact]
    public void Apply_IdentityNeurons_LeavesEveryBit()
    {
        var map = new TransportMap(Filled(10, 1), Filled(10, 0));
        var row = Special[..10];
        map.Apply(row, 1.5f);
        Assert.Equal(Bits(Special[..10]), Bits(row));
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(0.5, 7)]
    [InlineData(2, 13)]
    [InlineData(-1, 1)]
    public void Apply_AnyStrength_MovesThatShareOfTheWay(float strength, float expected) =>
        Assert.Equal(expected, new TransportMap([2], [-1]).ApplyOne(5, strength));

    [Fact]
    public void Apply_BoundedMap_ActsWithinClosedBounds()
    {
        var map = new TransportMap([1], [10], [-1], [2]);
        Assert.Equal(9f, map.ApplyOne(-1));
        Assert.Equal(12f, map.ApplyOne(2));
        Assert.Equal(2.0000002f, map.ApplyOne(float.BitIncrement(2)));
        Assert.Equal(-1.0000001f, map.ApplyOne(float.BitDecrement(-1)));
    }

    [Fact]
    public void Apply_OverflowOutsideSupport_DoesNotLeakIn()
    {
        // Computed for every value, T would overflow here; by select it never reaches the row.
        var map = new TransportMap([3e38f], [0], [-1], [1]);
        Assert.Equal(100f, map.ApplyOne(100));
    }

    [Fact]
    public void Apply_NonFiniteResult_Throws()
    {
        Assert.Throws<NotFiniteNumberException>(() => new TransportMap([3e38f], [0]).ApplyOne(100));
        Assert.Throws<NotFiniteNumberException>(() => new TransportMap([2], [0]).ApplyOne(float.NaN));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Apply_NonFiniteStrength_Throws(float strength) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransportMap([2], [0]).ApplyOne(1, strength));

    [Fact]
    public void Apply_WrongWidth_Throws() =>
        Assert.Throws<ArgumentException>(() => new TransportMap([2, 2], [0, 0]).ApplyOne(1));

    [Fact]
    public void Ctor_NoBounds_IsUnbounded()
    {
        var map = new TransportMap([2], [0]);
        Assert.True(map.IsUnbounded);
        Assert.Equal(float.NegativeInfinity, map.SupportLow[0]);
        Assert.Equal(float.PositiveInfinity, map.SupportHigh[0]);
        Assert.True(new TransportMap([2], [0], map.SupportLow, map.SupportHigh).IsUnbounded);
        Assert.False(new TransportMap([2], [0], [0], [0]).IsUnbounded);
    }

    [Fact]
    public void IsIdentity_AnyNeuronActs_IsFalse()
    {
        Assert.True(new TransportMap([1, 1], [0, -0f]).IsIdentity);
        Assert.False(new TransportMap([1, 1.0000001f], [0, 0]).IsIdentity);
        Assert.False(new TransportMap([1, 1], [0, float.Epsilon]).IsIdentity);
    }

    [Theory]
    [InlineData(new float[0], new float[0], new float[0], new float[0])]
    [InlineData(new[] { 1f }, new[] { 1f, 2f }, new float[0], new float[0])]
    [InlineData(new[] { float.NaN }, new[] { 1f }, new float[0], new float[0])]
    [InlineData(new[] { 1f }, new[] { float.PositiveInfinity }, new float[0], new float[0])]
    [InlineData(new[] { 1f }, new[] { 1f }, new[] { 0f }, new float[0])]
    [InlineData(new[] { 1f }, new[] { 1f }, new[] { 2f }, new[] { 1f })]
    [InlineData(new[] { 1f }, new[] { 1f }, new[] { float.NaN }, new[] { 1f })]
    [InlineData(new[] { 1f }, new[] { 1f }, new[] { 0f }, new[] { float.NaN })]
    [InlineData(new[] { 1f }, new[] { 1f }, new[] { float.NegativeInfinity }, new[] { 1f })]
    public void Ctor_WrongValues_Throws(float[] slope, float[] intercept, float[] low, float[] high) =>
        Assert.Throws<ArgumentException>(() => new TransportMap(slope, intercept, low, high));

    private static float[] Filled(int width, float value) => Enumerable.Repeat(value, width).ToArray();

    private static int[] Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits).ToArray();
}
