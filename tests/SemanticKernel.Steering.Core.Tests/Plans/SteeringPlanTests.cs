namespace SemanticKernel.Steering.Tests;

public sealed class SteeringPlanTests
{
    private static readonly MapSet Tone = Maps.Of("tone", [2, 1], [1, 0]);
    private static readonly MapSet Truth = Maps.Of("truth", [1, 3], [5, -1]);
    private static readonly MapSet Bounded = Maps.Of("bounded", new TransportMap([2, 1], [0, 1], [-1, -1], [1, 1]));

    [Fact]
    public void Resolve_NothingSteered_IsEmptyWithAFixedFingerprint()
    {
        var none = Maps.Resolver().Resolve(SteeringRequest.Empty);
        var zero = Maps.Resolve([Tone, Truth], ("tone", 0), ("truth", -0.0));
        Assert.True(none.IsEmpty && zero.IsEmpty);
        Assert.Empty(zero.Sites);
        Assert.Equal(none.Fingerprint, zero.Fingerprint);
        Assert.Equal(64, none.Fingerprint.Length);
        Assert.Equal(["tone", "truth"], zero.Strengths.Keys.Order());
    }

    [Fact]
    public void Resolve_TwoUnboundedConcepts_ComposesThemInOrder()
    {
        var plan = Maps.Resolve([Tone, Truth], ("tone", 1), ("truth", 0.5));
        Assert.Equal([Maps.Site], plan.Sites);
        Assert.Equal((1, 0.5), (plan.Strengths["tone"], plan.Strengths["truth"]));
        Assert.True(plan.TryGetOperations(Maps.Site, out var operations));
        float[] row = [10, 10];
        Assert.True(Assert.Single(operations).Apply(row));

        // tone: 21, 10. truth at one half: 21 + 2.5, and halfway from 10 to 29.
        Assert.Equal([23.5f, 19.5f], row);
        Assert.False(plan.TryGetOperations(new Site(0, HookPoint.BlockOutput), out _));
    }

    [Fact]
    public void Resolve_OtherOrder_GivesAnotherResultAndFingerprint()
    {
        (string, double)[] strengths = [("tone", 1), ("second", 1)];
        var second = Maps.Of("second", [3, 1], [0, 1]);
        var one = Maps.Resolve([Tone, second], strengths);
        var other = Maps.Resolve([second, Tone], strengths);
        Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        Assert.NotEqual(Run(one, 1, 1), Run(other, 1, 1));
    }

    [Fact]
    public void Resolve_BoundedMapBetween_KeepsOperationsApartAndInOrder()
    {
        var plan = Maps.Resolve([Tone, Bounded, Truth], ("tone", 1), ("bounded", 1), ("truth", 1));
        Assert.True(plan.TryGetOperations(Maps.Site, out var operations));
        Assert.Equal([false, true, false], operations.Select(operation => operation.IsBounded));

        // tone makes 0 into 1, which lies within the bounds and doubles; truth adds 5.
        Assert.Equal(7f, Run(plan, 0, 0)[0]);
    }

    [Fact]
    public void Resolve_DifferentScopes_AreNotComposed()
    {
        var generated = Maps.Of("generated", [2, 2], [0, 0], SteeringScope.Generated);
        Assert.True(Maps.Resolve([Tone, generated], ("tone", 1), ("generated", 1)).TryGetOperations(Maps.Site, out var operations));
        Assert.Equal([SteeringScope.All, SteeringScope.Generated], operations.Select(operation => operation.Scope));
    }

    [Fact]
    public void Resolve_IdentitySite_IsDropped()
    {
        var idle = new Site(0, HookPoint.BlockOutput);
        var set = new MapSet(Tone.Metadata, [.. Tone.Maps, KeyValuePair.Create(idle, new TransportMap([1, 1], [0, 0]))]);
        Assert.Equal([Maps.Site], Maps.Resolve([set], ("tone", 1)).Sites);
    }

    [Fact]
    public void Resolve_ConceptsThatCancelOut_IsEmpty()
    {
        var back = Maps.Of("back", [0.5f, 1], [-0.5f, 0]);
        var plan = Maps.Resolve([Tone, back], ("tone", 1), ("back", 1));
        Assert.True(plan.IsEmpty);
        Assert.Equal(Maps.Resolver().Resolve(SteeringRequest.Empty).Fingerprint, plan.Fingerprint);
    }

    [Fact]
    public void Fingerprint_SameEffectInputs_IsEqual()
    {
        var alone = Maps.Resolve([Tone], ("tone", 0.5));
        var amongOthers = Maps.Resolve([Truth, Tone, Bounded], ("tone", 0.5), ("truth", 0));
        Assert.Equal(alone.Fingerprint, amongOthers.Fingerprint);
    }

    [Fact]
    public void Fingerprint_AnyDifference_Differs()
    {
        string[] fingerprints =
        [
            Maps.Resolve([Tone], ("tone", 0.5)).Fingerprint,
            Maps.Resolve([Tone], ("tone", Math.BitIncrement(0.5))).Fingerprint,
            Maps.Resolve([Tone], ("tone", -0.5)).Fingerprint,
            Maps.Resolve([Maps.Of("tone", [2, 1], [1, 0], SteeringScope.Generated)], ("tone", 0.5)).Fingerprint,
            Maps.Resolve([Maps.Of("tone", [2, 1], [1.0000001f, 0])], ("tone", 0.5)).Fingerprint,
            Maps.Resolve([Maps.Of("tone", new TransportMap([2, 1], [1, 0], [-9, -9], [9, 9]))], ("tone", 0.5)).Fingerprint,
            Maps.Resolve([Tone, Truth], ("tone", 0.5), ("truth", 0.5)).Fingerprint,
            Maps.Resolve([Tone]).Fingerprint,
        ];
        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(double.MaxValue)]
    [InlineData(-1e39)]
    public void Resolve_OverflowingStrength_Refuses(double strength) =>
        Assert.Throws<SteeringPolicyException>(() => Maps.Resolve([Tone], ("tone", strength)));

    private static float[] Run(SteeringPlan plan, params float[] row)
    {
        Assert.True(plan.TryGetOperations(Maps.Site, out var operations));
        foreach (var operation in operations)
        {
            Assert.True(operation.Apply(row));
        }

        return row;
    }
}
