namespace SemanticKernel.Steering.Tests;

public sealed class FitOptionsTests
{
    [Fact]
    public void Ctor_NothingSet_HasTheDocumentedDefaults()
    {
        var options = new FitOptions();
        Assert.Equal(TransportEstimator.Linear, options.Estimator);
        Assert.Equal(FitMode.Safe, options.Mode);
        Assert.Equal(SupportRange.Unbounded, options.Support);
        Assert.Same(SiteSelector.AllBlockOutputs, options.Sites);
        Assert.Equal(Pooling.Mean, options.Pooling);
        Assert.Equal(TokenSelection.WithoutBos, options.Tokens);
        Assert.Equal(SteeringScope.All, options.Scope);
        Assert.Null(options.RecommendedStrength);
        Assert.Equal(Shrinkage.None, options.Shrinkage);
        Assert.Equal(0, options.HeldOutShare);
    }

    [Fact]
    public void Init_WrongValues_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions { RecommendedStrength = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions { RecommendedStrength = double.PositiveInfinity });
        Assert.Equal(0.5, new FitOptions { HeldOutShare = 0.5 }.HeldOutShare);
        Assert.All(
            [-0.1, 0.51, double.NaN],
            share => Assert.Throws<ArgumentOutOfRangeException>(() => new FitOptions { HeldOutShare = share }));
        Assert.Throws<ArgumentNullException>(() => new FitOptions { Sites = null! });
    }
}
