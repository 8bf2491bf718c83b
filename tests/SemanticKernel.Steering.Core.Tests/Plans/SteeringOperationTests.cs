namespace SemanticKernel.Steering.Tests;

public sealed class SteeringOperationTests
{
    private static readonly float[] Special =
        [0f, -0f, float.Epsilon, -float.Epsilon, 1e-38f, 1f, -1f, 2f, -2f, float.MaxValue, float.MinValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    public static TheoryData<int> Widths => new(Enumerable.Range(1, 67));

    [Theory]
    [MemberData(nameof(Widths))]
    public void Apply_AnyWidth_EqualsTheMapBitForBit(int width)
    {
        var random = new Random(width);
        foreach (var bounded in new[] { false, true })
        {
            var map = RandomMap(width, random, bounded);
            var operation = Operation(map, 0.75);
            Assert.Equal(bounded, operation.IsBounded);
            var actual = Values(width, random);
            var expected = actual.ToArray();
            map.Apply(expected, 0.75f);
            Assert.True(operation.Apply(actual));
            Assert.Equal(Bits(expected), Bits(actual));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Apply_SeveralRows_EqualsRowByRow(int width)
    {
        var random = new Random(width);
        var operation = Operation(RandomMap(width, random, bounded: width % 2 == 0), 1.5);
        var rows = Values(5 * width, random);
        var expected = rows.ToArray();
        for (var i = 0; i < 5; i++)
        {
            Assert.True(operation.Apply(expected.AsSpan(i * width, width)));
        }

        Assert.True(operation.Apply(rows, 5));
        Assert.Equal(Bits(expected), Bits(rows));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Apply_SpecialValueAnywhere_IsReportedExactlyWhenTheResultIsNotFinite(int width)
    {
        var random = new Random(width);
        foreach (var bounded in new[] { false, true })
        {
            var operation = Operation(RandomMap(width, random, bounded), 1);
            foreach (var special in Special)
            {
                for (var at = 0; at < width; at++)
                {
                    var row = new float[width];
                    row[at] = special;
                    Assert.Equal(operation.Apply(row), row.All(float.IsFinite));
                }
            }
        }
    }

    [Fact]
    public void Apply_LeftAloneNeurons_KeepEveryBit()
    {
        // One acting neuron keeps the operation alive; all others see every special value that is finite.
        var finite = Special.Where(float.IsFinite).ToArray();
        for (var width = 2; width < 40; width++)
        {
            var slope = Enumerable.Repeat(1f, width).ToArray();
            var intercept = new float[width];
            intercept[0] = 1;
            var row = Enumerable.Range(0, width).Select(i => finite[i % finite.Length]).ToArray();
            var expected = Bits(row);
            Assert.True(Operation(new TransportMap(slope, intercept), 0.3).Apply(row));
            Assert.Equal(expected[1..], Bits(row)[1..]);
        }
    }

    [Fact]
    public void Apply_NoRows_DoesNothing() => Assert.True(Operation(new TransportMap([2], [0]), 1).Apply([], 0));

    [Fact]
    public void Apply_WrongLength_Throws()
    {
        var operation = Operation(new TransportMap([2, 2], [0, 0]), 1);
        Assert.Throws<ArgumentException>(() => operation.Apply(new float[3]));
        Assert.Throws<ArgumentException>(() => operation.Apply(new float[2], 2));
        Assert.Throws<ArgumentException>(() => operation.Apply([], -1));
    }

    [Fact]
    public void Apply_ManyRows_AllocatesNothing()
    {
        var operation = Operation(RandomMap(160, new Random(1), bounded: true), 1);
        var rows = new float[160 * 8];
        operation.Apply(rows, 8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            operation.Apply(rows, 8);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static SteeringOperation Operation(TransportMap map, double strength)
    {
        Assert.True(Maps.Resolve([Maps.Of("tone", map)], ("tone", strength)).TryGetOperations(Maps.Site, out var operations));
        return Assert.Single(operations);
    }

    private static TransportMap RandomMap(int width, Random random, bool bounded)
    {
        var slope = Values(width, random);
        var intercept = Values(width, random);
        return bounded
            ? new TransportMap(slope, intercept, Enumerable.Repeat(-0.5f, width).ToArray(), Values(width, random).Select(value => Math.Max(value, -0.5f)).ToArray())
            : new TransportMap(slope, intercept);
    }

    private static float[] Values(int count, Random random) =>
        Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray();

    private static int[] Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits).ToArray();
}
