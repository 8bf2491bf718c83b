namespace SemanticKernel.Steering.Tests;

public sealed class NormPreservingShiftTests
{
    [Fact]
    public void Apply_HandComputedState_TurnsItWithoutStretching()
    {
        // (3, 0) + (0, 4) has length 5; back to length 3 that is (9, 12) / 5.
        float[] row = [3, 0];
        new NormPreservingShift([0, 2]).Apply(row, 2);
        Approx.Equal(1.8, row[0], 1e-6);
        Approx.Equal(2.4, row[1], 1e-6);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(1f)]
    [InlineData(-5f)]
    [InlineData(1000f)]
    public void Apply_AnyStrength_KeepsTheNorm(float strength)
    {
        var row = Sample.Random(1, 37, seed: 1).Row(0).ToArray();
        var before = row.ToArray();
        new NormPreservingShift(Sample.Random(1, 37, seed: 2).Row(0)).Apply(row, strength);
        Approx.Equal(SteeringVector.Norm(before), SteeringVector.Norm(row), 1e-6);
        Assert.Equal(strength == 0, before.SequenceEqual(row));
    }

    [Fact]
    public void Apply_StateWithoutDirection_StaysZeroOrIsReported()
    {
        var shift = new NormPreservingShift([1, 2]);
        float[] zero = [0, 0];
        shift.Apply(zero, 1);
        Assert.Equal([0, 0], zero);
        Assert.Throws<NotFiniteNumberException>(() => shift.Apply([-1, -2], 1));
        Assert.Throws<NotFiniteNumberException>(() => shift.Apply([3e38f, 3e38f], 1));
        Assert.Throws<NotFiniteNumberException>(() => shift.Apply([1, 1], float.MaxValue));
    }

    [Fact]
    public void Fit_PreserveNorm_TakesTheAdditiveEstimatorsShift()
    {
        var source = Sample.Random(9, 6, seed: 3);
        var target = Sample.Random(9, 6, seed: 4, shift: 1);
        var mean = new FitOptions { Estimator = TransportEstimator.Mean };
        var map = Assert.IsType<NormPreservingShift>(SiteMap.Fit(source, target, mean with { PreserveNorm = true }));
        Assert.Equal(TransportMap.Fit(source, target, mean).Intercept.ToArray(), map.Shift.ToArray());
        Assert.True(SiteMap.Fit(source, source, mean with { PreserveNorm = true }).IsIdentity);
    }

    [Fact]
    public void Fit_PreserveNormOfWhatIsNoShift_Throws()
    {
        var source = Sample.Random(9, 6, seed: 3);
        var target = Sample.Random(9, 6, seed: 4, shift: 1);
        var options = new FitOptions { PreserveNorm = true };
        Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, target, options));
        Assert.Throws<SteeringFitException>(() => SiteMap.Fit(source, target, options with { Estimator = TransportEstimator.DirectionAblation }));
        Assert.Throws<SteeringFitException>(() => TransportMap.Fit(source, target, options with { Estimator = TransportEstimator.Mean }));
    }
}
