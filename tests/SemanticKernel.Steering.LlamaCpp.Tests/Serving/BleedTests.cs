using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class BleedTests
{
    private const int Rounds = 8;
    private const int Requests = 6;

    public static TheoryData<FlashAttention, string> Settings => new(
        new[] { FlashAttention.Enabled, FlashAttention.Disabled }.SelectMany(_ => Enum.GetNames<StateAccess>(), (flashAttention, access) => (flashAttention, access)));

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Run_OnlyTheNeighboursPlansChanged_LeavesLogitsBitIdentical(FlashAttention flashAttention, string access)
    {
        var options = ServingEngine.Options(ServingEngine.Model(), concurrent: 8);
        (options.FlashAttention, options.StateAccess) = (flashAttention, Enum.Parse<StateAccess>(access));

        var summary = await new BleedRun(options, seed: 1 + (int)flashAttention + (7 * (int)options.StateAccess)).RunAsync(Rounds);

        TestContext.Current.TestOutputHelper?.WriteLine(summary.ToString());
        Assert.Empty(summary.Mistakes);
        Assert.True(summary.ComparedTwice >= 8 * Rounds && summary.ComparedAlone >= 2 * Rounds && summary.ChangedNeighbours > 20 * Rounds, summary.ToString());
    }

    [Theory]
    [InlineData(ModelArchitecture.Gemma2)]
    [InlineData(ModelArchitecture.Gemma3)]
    public async Task Run_SlidingWindowWithNeighbours_EqualsRunAlone(ModelArchitecture architecture)
    {
        var random = new Random(3);
        using var engine = ServingEngine.Open(architecture: architecture);
        var scripts = Enumerable.Range(0, Requests)
            .Select(i => new Script { Prompt = ServingEngine.Prompt(random, 20 + (30 * i)), Strengths = ServingEngine.RandomStrengths(random), JoinsAt = i < 3 ? 0 : i }).ToArray();

        var together = await Schedule.RunAsync(engine, scripts);

        for (var i = 0; i < Requests; i++)
        {
            var alone = await Schedule.RunAsync(engine, scripts[i] with { JoinsAt = 0 });
            Assert.True(together[i].AssertClose(alone[0], ServingEngine.Tolerance) > 0);
        }
    }
}
