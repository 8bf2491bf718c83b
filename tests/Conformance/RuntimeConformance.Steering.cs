using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Tests;
using SemanticKernel.Steering.LlamaCpp.Tests.Serving;

namespace SemanticKernel.Steering.Conformance;

public abstract partial class RuntimeConformance
{
    [Fact]
    public async Task Load_Model_KnowsItsHooksAndLibraryAndAnswers()
    {
        using var engine = Open(TinyChat.ModelPath);

        Assert.Equal(("TinyChat", "llama", 160, 6), (engine.Model.Name, engine.Model.Architecture, engine.Model.Width, engine.Model.LayerCount));
        Assert.Equal(6, engine.Model.HookPoints.Count(hook => hook.Site.Hook == HookPoint.BlockOutput));
        Assert.Contains("CPU", engine.Model.NativeLibrary.Backends);
        Assert.True(File.Exists(engine.Model.NativeLibrary.Path), engine.Model.NativeLibrary.Path);
        Assert.Contains("purple", (await engine.AskAsync("What color is a plum?", TestEngine.Greedy(maxTokens: 40))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WithProgress_EndsAtAll()
    {
        var reports = new List<float>();

        using var engine = await SteeredLlamaEngine.LoadAsync(Options(OwnModel()), null, new Reports(reports), Token);

        Assert.Equal(reports.Order(), reports);
        Assert.Equal(1, reports[^1]);
    }

    [Fact]
    public void Load_Cancelled_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => SteeredLlamaEngine.Load(Options(OwnModel()), cancellationToken: new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public async Task Steer_Strength0_LeavesLogitsBitIdenticalAndOthersChangeThem(string access)
    {
        using var engine = OpenServing(Enum.Parse<StateAccess>(access));

        var plain = (await RunAsync(engine, Asks(new Dictionary<string, double>())))[0];
        var off = (await RunAsync(engine, Asks(ServingEngine.Strength(ServingEngine.All, 0))))[0];
        var on = (await RunAsync(engine, Asks(ServingEngine.Strength(ServingEngine.All, 1))))[0];
        var generated = (await RunAsync(engine, Asks(ServingEngine.Strength(ServingEngine.Generated, 1))))[0];

        Assert.All(plain.Logits.Zip(off.Logits), pair => Assert.Equal(pair.First, pair.Second));
        Assert.NotEqual(plain.Logits[0], on.Logits[0]);
        Assert.Equal(plain.Logits[0], generated.Logits[0]);
        Assert.NotEqual(plain.Logits[1], generated.Logits[1]);
    }

    [Fact]
    public async Task Steer_DeviceMemoryPath_GivesTheSameLogits()
    {
        using var host = OpenServing();
        using var device = OpenServing(StateAccess.Copied);
        var scripts = new[] { Asks(ServingEngine.Strength(ServingEngine.All, 1)), Asks(ServingEngine.Strength(ServingEngine.LastTurn, -1), seed: 2) };

        foreach (var (left, right) in (await RunAsync(host, scripts)).Zip(await RunAsync(device, scripts)))
        {
            Assert.Equal(left.Tokens, right.Tokens);
            Assert.All(left.Logits.Zip(right.Logits), pair => Assert.Equal(pair.First, pair.Second));
        }
    }

    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public async Task Steer_MixedPlansInABatch_DoNotBleed(string access)
    {
        var kept = Asks(ServingEngine.Strength(ServingEngine.All, 1));
        using var engine = OpenServing(Enum.Parse<StateAccess>(access));
        using var other = OpenServing(Enum.Parse<StateAccess>(access));

        var first = await RunAsync(engine, kept, Asks(ServingEngine.Strength(ServingEngine.All, -1), seed: 2), Asks(new Dictionary<string, double>(), seed: 3));
        var second = await RunAsync(other, kept, Asks(new Dictionary<string, double>(), seed: 2), Asks(ServingEngine.Strength(ServingEngine.LastTurn, 2), seed: 3));

        Assert.All(first.Concat(second), outcome => Assert.Null(outcome.Error));
        Assert.NotEqual(first[1].Logits[0], second[1].Logits[0]);
        Assert.NotEqual(first[2].Logits[0], second[2].Logits[0]);
        Assert.All(first[0].Logits.Zip(second[0].Logits), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public async Task Sample_PresencePenalty_ReachesBackItsWindowAndNoFurther()
    {
        using var engine = OpenServing();
        var settings = new SamplerSettings { Temperature = 0, PresencePenalty = 1000 };

        var tokens = (await RunAsync(engine, Asks(new Dictionary<string, double>()) with { Sampling = settings, MaxTokens = 150 }))[0].Tokens;

        // With such a penalty no token comes again while it is in the window, and the best ones do soon after they have left it.
        Assert.Equal(150, tokens.Length);
        var distances = tokens.Select((token, i) => i - tokens.AsSpan(0, i).LastIndexOf(token)).Where((distance, i) => distance <= i);
        Assert.InRange(distances.Min(), SamplerSettings.PenaltyWindow + 1, 100);
    }

    [Fact]
    public async Task Fit_CausallyOverManyDecodes_EndsAndSteers()
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        using var fitter = OpenFitter(Options(TinyChat.ModelPath));

        var maps = await fitter.FitAsync(all, new FitOptions { Order = FitOrder.Causal }, cancellationToken: Token);

        using var engine = Open(TinyChat.ModelPath, maps);
        var plain = (await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 30))).Text;
        Assert.NotEqual(plain, (await engine.AskAsync(Question, TestEngine.Greedy("toxicity", 1, maxTokens: 30))).Text);
    }

    [Fact]
    public async Task Capture_ByHostAndDevicePath_FitsTheSameMapsWhichSteer()
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        var data = new ConceptData("toxicity", [.. all.Source.Take(40)], [.. all.Target.Take(40)]);
        var fit = new FitOptions { Estimator = TransportEstimator.Mean };
        using var host = OpenFitter(Options(TinyChat.ModelPath));
        var options = Options(TinyChat.ModelPath);
        options.StateAccess = StateAccess.Copied;
        using var device = OpenFitter(options);

        var maps = await host.FitAsync(data, fit, cancellationToken: Token);
        var onDevice = await device.FitAsync(data, fit, cancellationToken: Token);

        Assert.NotEmpty(maps.Maps);
        Assert.All(maps.Maps, pair => Assert.True(pair.Value.Intercept.SequenceEqual(onDevice.Maps[pair.Key].Intercept), pair.Key.ToString()));
        using var engine = Open(TinyChat.ModelPath, maps);
        Assert.NotEqual(
            (await engine.AskAsync("Come on, fool, how are you?", TestEngine.Greedy(maxTokens: 30))).Text,
            (await engine.AskAsync("Come on, fool, how are you?", TestEngine.Greedy("toxicity", 1.5, maxTokens: 30))).Text);
    }

    private sealed class Reports(List<float> values) : IProgress<float>
    {
        public void Report(float value) => values.Add(value);
    }
}
