using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

/// <summary>Edits by the device a tensor lies on; here the processor is that device.</summary>
public class DeviceEditTests
{
    // A device starts with room for 15 plans.
    private const int Many = 20;

    [Fact]
    public async Task Run_MorePlansThanTheDeviceHasRoomFor_GivesTheLogitsOfEditsInPlace()
    {
        var random = new Random(71);
        var scripts = Enumerable.Range(0, Many).Select(i => Script(random, ServingEngine.Strength(ServingEngine.All, 0.1 * (i + 1)))).ToArray();

        await AssertSameAsync(scripts, Many);
    }

    [Fact]
    public async Task Run_ManyPlansOneAfterTheOther_GivesTheLogitsOfEditsInPlace()
    {
        var random = new Random(72);
        var scripts = Enumerable.Range(0, 2 * Many)
            .Select(i => Script(random, new() { [ServingEngine.All] = 0.05 * i, [ServingEngine.LastTurn] = -0.1 * (i % 3), [ServingEngine.Generated] = 0.2 * (i % 2) })).ToArray();

        await AssertSameAsync(scripts, concurrent: 2);
    }

    [Fact]
    public async Task Run_BoundedMapBesideAnAffineOne_GivesTheLogitsOfEditsInPlace()
    {
        var path = ServingEngine.Model();
        using var lease = TestEngine.OpenModel(ModelArchitecture.Qwen3);
        var width = lease.Model.Width;
        var bounded = new TransportMap(
            TestMaps.Pattern(width, 2f), TestMaps.Pattern(width, 1f), Enumerable.Repeat(-0.5f, width).ToArray(), Enumerable.Repeat(0.75f, width).ToArray());
        var maps = TestMaps.Of(path, "bounded", bounded, SteeringScope.All, new Site(1, HookPoint.BlockOutput));
        var random = new Random(73);
        Script[] scripts = [Script(random, ServingEngine.Strength("bounded", 1)), Script(random, ServingEngine.Strength(ServingEngine.All, 1)), Script(random, [])];

        await AssertSameAsync(scripts, scripts.Length, maps);
    }

    [Fact]
    public async Task Dispose_ByManyThreadsAtOnce_FreesWhatLiesOnTheDeviceOnce()
    {
        var random = new Random(74);
        for (var round = 0; round < 20; round++)
        {
            using var engine = ServingEngine.Open(options => options.StateAccess = StateAccess.OnDevice);
            await Schedule.RunAsync(engine, Script(random, ServingEngine.Strength(ServingEngine.All, 1)));
            using var together = new Barrier(4);

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(TestContext.Current.CancellationToken);
                    engine.Dispose();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.AskAsync("Hello"));
        }
    }

    private static Script Script(Random random, Dictionary<string, double> strengths) =>
        new() { Prompt = ServingEngine.Prompt(random, 6), MaxTokens = 6, Strengths = strengths };

    private static async Task AssertSameAsync(Script[] scripts, int concurrent, params MapSet[] maps)
    {
        var inPlace = await RunAsync(StateAccess.Auto);
        var byDevice = await RunAsync(StateAccess.OnDevice);

        foreach (var (expected, actual) in inPlace.Zip(byDevice))
        {
            // Who shares a batch with whom depends on time.
            Assert.Null(actual.Error);
            Assert.True(actual.AssertClose(expected, ServingEngine.Tolerance) > 0);
        }

        async Task<IReadOnlyList<Outcome>> RunAsync(StateAccess access)
        {
            var options = ServingEngine.Options(ServingEngine.Model(), concurrent);
            options.StateAccess = access;
            Array.ForEach(maps, set => options.AddConcept(set));
            using var engine = TestEngine.Open(options);
            return await Schedule.RunAsync(engine, scripts);
        }
    }
}
