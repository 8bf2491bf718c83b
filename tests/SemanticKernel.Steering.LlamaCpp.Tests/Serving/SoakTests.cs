using System.Diagnostics;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class SoakTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_RandomCancellationsFaultsAndDisposals_NeitherHangsNorLeaks()
    {
        var options = ServingEngine.Options(ServingEngine.Model(), concurrent: 4)
            .AddConcept(TestMaps.Shift(ServingEngine.Model(), SoakRun.Mild, 0.3f))
            .AddConcept(TestMaps.Affine(ServingEngine.Model(), SoakRun.Overflow, float.MaxValue, float.MaxValue, SteeringScope.Generated));
        var clock = Stopwatch.StartNew();

        var summary = await SoakRun.RunAsync(options, warmUp: 200, _ => clock.Elapsed < Duration, seed: 1);

        TestContext.Current.TestOutputHelper?.WriteLine(summary.ToString());
        Assert.Empty(summary.Unexpected);
        Assert.True(summary.Answered > 0 && summary.Faulted > 0 && summary.Abandoned > 0 && summary.Restored > 0, summary.ToString());

        // Other tests run at the same time, so that only the command can hold memory to one percent; a leak per request would show
        // as far more than this.
        Assert.True(summary.HandleGrowth < 100, summary.ToString());
        Assert.True(summary.After.Managed - summary.Before.Managed < 64 << 20, summary.ToString());
    }
}
