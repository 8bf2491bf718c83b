using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class BleedTests
{
    private const int Requests = 6;

    public static TheoryData<FlashAttention, bool> Settings => new()
    {
        { FlashAttention.Enabled, false }, { FlashAttention.Disabled, false }, { FlashAttention.Enabled, true }, { FlashAttention.Disabled, true },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Run_OnlyTheNeighboursPlansChanged_LeavesLogitsBitIdentical(FlashAttention flashAttention, bool forceDevicePath)
    {
        using var weights = TestEngine.OpenModel(ServingEngine.Model());
        var random = new Random(1 + (int)flashAttention + (forceDevicePath ? 7 : 0));
        var (compared, changed) = (0, 0);
        for (var round = 0; round < 12; round++)
        {
            var scripts = Scripts(random);
            var kept = random.Next(Requests);
            var others = scripts.Select((script, i) => i == kept ? script : script with { Strengths = ServingEngine.RandomStrengths(random) }).ToArray();

            var first = await RunAsync(flashAttention, forceDevicePath, scripts);
            var second = await RunAsync(flashAttention, forceDevicePath, others);

            // Where a neighbour's answer ended by itself in one of the runs, the batches were not the same.
            if (first.Zip(second).All(pair => pair.First.Logits.Count == pair.Second.Logits.Count))
            {
                compared++;
                changed += Enumerable.Range(0, Requests).Any(i => i != kept && !first[i].Logits[0].SequenceEqual(second[i].Logits[0])) ? 1 : 0;
                Assert.Equal(first[kept].Tokens, second[kept].Tokens);
                Assert.All(first[kept].Logits.Zip(second[kept].Logits), pair => Assert.Equal(pair.First, pair.Second));
            }
        }

        Assert.True(compared >= 6, $"Only {compared} rounds could be compared.");
        Assert.True(changed >= 6, $"Only in {changed} rounds did the neighbours' plans matter.");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Run_WithNeighbours_EqualsRunAlone(FlashAttention flashAttention, bool forceDevicePath)
    {
        using var weights = TestEngine.OpenModel(ServingEngine.Model());
        var random = new Random(100 + (int)flashAttention + (forceDevicePath ? 7 : 0));
        for (var round = 0; round < 4; round++)
        {
            var scripts = Scripts(random).Select(script => script with { Sampling = new SamplerSettings { Temperature = 0 } }).ToArray();

            var together = await RunAsync(flashAttention, forceDevicePath, scripts);

            for (var i = 0; i < Requests; i++)
            {
                var alone = await RunAsync(flashAttention, forceDevicePath, scripts[i] with { JoinsAt = 0 });
                together[i].AssertClose(alone[0], ServingEngine.Tolerance);
            }
        }
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

    private static Task<Outcome[]> RunAsync(FlashAttention flashAttention, bool forceDevicePath, params Script[] scripts)
    {
        var engine = ServingEngine.Open(options => (options.FlashAttention, options.ForceDeviceMemoryPath) = (flashAttention, forceDevicePath));
        return Schedule.RunAsync(engine, scripts).ContinueWith(
            task =>
            {
                engine.Dispose();
                return task.GetAwaiter().GetResult();
            },
            TaskScheduler.Default);
    }

    /// <summary>The first request runs all the time; others join and leave. Prompts are shorter and longer than a batch.</summary>
    private static Script[] Scripts(Random random) =>
    [
        .. Enumerable.Range(0, Requests).Select(i => new Script
        {
            Prompt = ServingEngine.Prompt(random, random.Next(1, 120)),
            LastUserTurn = random.Next(1, 40),
            Strengths = ServingEngine.RandomStrengths(random),
            MaxTokens = i == 0 ? 20 : random.Next(1, 12),
            JoinsAt = i == 0 || random.Next(2) == 0 ? 0 : random.Next(1, 10),
            LeavesAt = i > 0 && random.Next(3) == 0 ? random.Next(1, 6) : int.MaxValue,
            Sampling = random.Next(2) == 0 ? new SamplerSettings { Temperature = 0 } : new SamplerSettings { Seed = (uint)random.Next(), PresencePenalty = 0.5f },
        }),
    ];
}
