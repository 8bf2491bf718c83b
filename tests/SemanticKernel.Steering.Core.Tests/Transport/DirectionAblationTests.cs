namespace SemanticKernel.Steering.Tests;

public sealed class DirectionAblationTests
{
    private static readonly DirectionAblation Ablation = DirectionAblation.Along([3, 4]);

    [Theory]
    [InlineData(0f, 1f, 2f)]
    [InlineData(1f, -0.32f, 0.24f)]
    [InlineData(0.5f, 0.34f, 1.12f)]
    [InlineData(2f, -1.64f, -1.52f)]
    [InlineData(-1f, 2.32f, 3.76f)]
    public void Apply_HandComputedState_RemovesThePartAlong(float strength, float first, float second)
    {
        // d = (0.6, 0.8), d·x = 2.2, d·(d·x) = (1.32, 1.76).
        float[] row = [1, 2];
        Ablation.Apply(row, strength);
        Approx.Equal(first, row[0], 1e-6);
        Approx.Equal(second, row[1], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(100)]
    public void Apply_AnyWidth_LeavesNothingAlongAndChangesNothingElse(int width)
    {
        var random = new Random(width);
        float[] Row() => [.. Enumerable.Range(0, width).Select(_ => random.NextSingle() - 0.5f)];
        var ablation = DirectionAblation.Along(Row());
        var direction = ablation.Direction.ToArray();
        var row = Row();
        var before = row.ToArray();
        var along = Dot(before, direction);
        ablation.Apply(row, 1);
        Approx.Equal(0, Dot(row, direction), 1e-6);
        for (var i = 0; i < width; i++)
        {
            Approx.Equal(before[i] - (along * direction[i]), row[i], 1e-6);
        }

        // A second ablation finds nothing left.
        var once = row.ToArray();
        ablation.Apply(row, 1);
        Assert.All(once.Zip(row), pair => Approx.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Resolve_SeveralRows_EditsEachByItself()
    {
        Assert.True(Plan(Ablation, 1).TryGetOperations(Maps.Site, out var operations));
        float[] rows = [1, 2, -8, 6];
        Assert.True(Assert.Single(operations).Apply(rows, 2));
        Assert.All(rows.Zip([-0.32f, 0.24f, -8, 6]), pair => Approx.Equal(pair.Second, pair.First, 1e-6));
        Assert.Equal(0, operations[0].CountOutsideSupport(rows));
        Assert.False(operations[0].IsBounded);
    }

    [Fact]
    public void Apply_OverflowOrNaN_IsReported()
    {
        Assert.True(Plan(Ablation, 1).TryGetOperations(Maps.Site, out var operations));
        Assert.False(operations[0].Apply([float.NaN, 0]));
        Assert.False(operations[0].Apply([float.MaxValue, float.MaxValue]));
        Assert.Throws<NotFiniteNumberException>(() => Ablation.Apply([float.PositiveInfinity, 0], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ablation.Apply([1, 2], float.NaN));
        Assert.Throws<ArgumentException>(() => Ablation.Apply([1, 2, 3], 1));
    }

    [Fact]
    public void Apply_ManyRows_AllocatesNothing()
    {
        Assert.True(Plan(Ablation, 1).TryGetOperations(Maps.Site, out var operations));
        var operation = operations[0];
        var rows = new float[64];
        operation.Apply(rows, 32);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            operation.Apply(rows, 32);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Resolve_StrengthZeroOrNoDirection_EditsNothing()
    {
        Assert.True(Plan(Ablation, 0).IsEmpty);
        Assert.True(new DirectionAblation([0, 0]).IsIdentity);
        Assert.True(DirectionAblation.Along([0, 0]).IsIdentity);
    }

    [Fact]
    public void Resolve_StrengthThatOverflows_Refuses() =>
        Assert.Throws<SteeringPolicyException>(() => Plan(Ablation, 1e300));

    [Fact]
    public void Resolve_BetweenAffineMaps_KeepsTheOrder()
    {
        var shift = Maps.Of("a", [1, 1], [1, 0]);
        var ablate = Set("b", Ablation);
        var grow = Maps.Of("c", [2, 2], [0, 0]);
        var plan = Maps.Resolve([shift, ablate, grow], ("a", 1), ("b", 1), ("c", 1));
        Assert.True(plan.TryGetOperations(Maps.Site, out var operations));
        Assert.Equal(3, operations.Length);
        float[] row = [0, 2];
        Assert.All(operations, operation => Assert.True(operation.Apply(row)));

        // (0, 2) + (1, 0) loses (1.32, 1.76) and is doubled.
        Approx.Equal(-0.64, row[0], 1e-6);
        Approx.Equal(0.48, row[1], 1e-6);
        Assert.Equal(["a", "b", "c"], plan.OperationsByConcept(Maps.Site).Select(pair => pair.Concept));
    }

    [Fact]
    public void Ctor_NoUnitVector_Throws()
    {
        Assert.Throws<ArgumentException>(() => new DirectionAblation([]));
        Assert.Throws<ArgumentException>(() => new DirectionAblation([1, 1]));
        Assert.Throws<ArgumentException>(() => new DirectionAblation([float.NaN, 1]));
        Assert.Throws<ArgumentException>(() => DirectionAblation.Along([float.PositiveInfinity, 1]));
        Approx.Equal(1, SteeringVector.Norm(DirectionAblation.Along([3e38f, 3e38f]).Direction), 1e-6);
    }

    internal static MapSet Set(string concept, SiteMap map) =>
        new(Maps.Metadata(concept, map.Width), [KeyValuePair.Create(Maps.Site, map)]);

    private static SteeringPlan Plan(SiteMap map, double strength) => Maps.Resolve([Set("tone", map)], ("tone", strength));

    private static double Dot(float[] left, float[] right) => left.Zip(right).Sum(pair => (double)pair.First * pair.Second);
}
