namespace SemanticKernel.Steering.Tests;

public sealed class LaneSortTests
{
    public static TheoryData<int> Counts => new([.. Enumerable.Range(0, 70), 127, 128, 129, 200, 255, 256, 257, 300, 511, 512, 700, 1000, 1024, 2048, 3001]);

    [Theory]
    [MemberData(nameof(Counts))]
    public void Sort_AnyCount_SortsEveryLaneByItself(int count)
    {
        var random = new Random(count);

        // Few different values in one half of the lanes, extremes among them; all different in the other.
        AssertSorts<int>(count, lane => lane % 2 == 0 ? random.Next() - int.MaxValue : (random.Next(3) - 1) * int.MaxValue);
        AssertSorts(count, lane => lane % 2 == 0 ? random.NextInt64() - long.MaxValue : (random.Next(3) - 1) * long.MaxValue);
    }

    [Fact]
    public void Sort_ZerosAndOnesOfEveryShape_Sorts()
    {
        // A network that sorts all sequences of zeros and ones sorts everything (Knuth, 5.3.4, theorem Z).
        foreach (var count in new[] { 1, 2, 3, 5, 7, 8, 9, 11, 16 })
        {
            for (var bits = 0; bits < 1 << count; bits += SampleTile.Lanes)
            {
                var first = bits;
                AssertSorts(count, (lane, row) => ((first + lane) >> row) & 1);
            }
        }
    }

    private static void AssertSorts<T>(int count, Func<int, T> value)
        where T : unmanaged => AssertSorts(count, (lane, _) => value(lane));

    private static void AssertSorts<T>(int count, Func<int, int, T> value)
        where T : unmanaged
    {
        var values = new T[count * SampleTile.Lanes];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(i % SampleTile.Lanes, i / SampleTile.Lanes);
        }

        var expected = Enumerable.Range(0, SampleTile.Lanes).Select(lane => Lane(values, lane).Order().ToArray()).ToArray();
        LaneSort.Sort<T>(values);
        for (var lane = 0; lane < SampleTile.Lanes; lane++)
        {
            Assert.Equal(expected[lane], Lane(values, lane));
        }
    }

    private static T[] Lane<T>(T[] values, int lane) => values.Where((_, i) => i % SampleTile.Lanes == lane).ToArray();
}
