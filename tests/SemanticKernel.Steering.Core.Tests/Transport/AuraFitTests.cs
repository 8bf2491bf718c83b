namespace SemanticKernel.Steering.Tests;

public sealed class AuraFitTests
{
    private static readonly FitOptions Aura = new() { Estimator = TransportEstimator.AurA };

    [Fact]
    public void Fit_HandCountedPairs_DampsBySeparation()
    {
        // Of 3 · 2 pairs, source lies above in 0 + 1 + 2 and ties in one more: AUROC 3.5 / 6, alpha 2 − 7/6.
        var map = Sample.Fit([1, 3, 9], [2, 3], Aura);
        Approx.Equal(2 - (7.0 / 6), map.Slope[0], 1e-7);
        Assert.Equal(0, map.Intercept[0]);
    }

    [Fact]
    public void Fit_SourceAlwaysAbove_SwitchesTheNeuronOff()
    {
        var map = Sample.Fit([5, 6], [1, 2], Aura);
        Assert.Equal(0, map.Slope[0]);
        Assert.Equal(0, map.ApplyOne(7));
        Assert.Equal(3.5f, map.ApplyOne(7, 0.5f));
    }

    [Fact]
    public void Fit_SourceAlwaysBelow_LeavesTheNeuronAlone() => Assert.True(Sample.Fit([1, 2], [5, 6], Aura).IsIdentity);

    [Fact]
    public void Fit_BothSetsShifted_GivesTheSameSlope()
    {
        var map = Sample.Fit([1, 3, 9], [2, 3], Aura);
        Assert.Equal(map.Slope[0], Sample.Fit([11, 13, 19], [12, 13], Aura).Slope[0]);
    }

    [Fact]
    public void Fit_AnySamples_StaysBetweenOffAndUnchanged()
    {
        var map = TransportMap.Fit(Sample.Random(31, 40, seed: 3), Sample.Random(57, 40, seed: 4, scale: 2), Aura);
        foreach (var slope in map.Slope)
        {
            Assert.InRange(slope, 0, 1);
        }
    }

    [Fact]
    public void Fit_SafeMode_DistrustsQuietNeuronsAndSingleSamples()
    {
        Assert.True(Sample.Fit([100.001f, 100.002f], [100, 100], Aura).IsIdentity);
        Assert.Throws<SteeringFitException>(() => Sample.Fit([2], [1, 0], Aura));
        var reference = Aura with { Mode = FitMode.Reference };
        Assert.Equal(0, Sample.Fit([100.001f, 100.002f], [100, 100], reference).Slope[0]);
        Assert.Equal(0, Sample.Fit([2], [1, 0], reference).Slope[0]);
    }
}
