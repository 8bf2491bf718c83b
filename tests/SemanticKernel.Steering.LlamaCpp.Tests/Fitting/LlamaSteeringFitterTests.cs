using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class LlamaSteeringFitterTests
{
    // Matrices are multiplied in another order in another batch; flash attention, which rounds much more coarsely, is off.
    private const double Tolerance = 1e-4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<TokenSelection, Pooling> Choices =>
        new(Enum.GetValues<TokenSelection>().SelectMany(_ => Enum.GetValues<Pooling>(), (tokens, pooling) => (tokens, pooling)));

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task Fit_Mean_EqualsAPlainRecomputation(TokenSelection tokens, Pooling pooling)
    {
        using var fitter = Open(TestModelCache.Get(TemplatePresets.Llama3));
        var data = Dialogues(7);
        var options = new FitOptions { Estimator = TransportEstimator.Mean, Tokens = tokens, Pooling = pooling, Sites = AllSites(fitter.Model) };

        var maps = await fitter.FitAsync(data, options, cancellationToken: Token);

        Assert.Equal(fitter.Model.HookPoints.Count, maps.Maps.Count);
        foreach (var site in new[] { new Site(0, HookPoint.AttentionNorm), new Site(1, HookPoint.BlockOutput), new Site(3, HookPoint.FeedForwardOutput), new Site(3, HookPoint.BlockOutput) })
        {
            AssertMeanShift(fitter.Model, data, site, tokens, pooling, maps);
        }
    }

    [Fact]
    public async Task Fit_TinyChatDialogues_EqualsAPlainRecomputationAndSteers()
    {
        using var fitter = Open(TinyChat.ModelPath);
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        var data = new ConceptData("toxicity", [.. all.Source.Take(32)], [.. all.Target.Take(32)]);

        var maps = await fitter.FitAsync(data, new FitOptions { Estimator = TransportEstimator.Mean }, cancellationToken: Token);

        AssertMeanShift(fitter.Model, data, new Site(3, HookPoint.BlockOutput), TokenSelection.WithoutBos, Pooling.Mean, maps);
        Assert.Equal(32, maps.Metadata.SourceCount);
        Assert.Equal(data.DataHash, maps.Metadata.DataSha256);
        Assert.NotNull(maps.Metadata.ChatTemplateSha256);
        using var engine = TestEngine.OpenTinyChat(maps);
        var plain = (await engine.AskAsync("Come on, fool, how are you?", TestEngine.Greedy(maxTokens: 30))).Text;
        Assert.NotEqual(plain, (await engine.AskAsync("Come on, fool, how are you?", TestEngine.Greedy("toxicity", 1, maxTokens: 30))).Text);
    }

    [Theory]
    [InlineData(TransportEstimator.Linear)]
    [InlineData(TransportEstimator.Gaussian)]
    public async Task Fit_OtherEstimators_GiveFiniteMapsOverDevicePathToo(TransportEstimator estimator)
    {
        var path = TestModelCache.Get(ModelArchitecture.Gemma2);
        var options = TestEngine.Options(path);
        using var host = Open(options);
        options.StateAccess = StateAccess.Copied;
        using var device = Open(options);
        var fit = new FitOptions { Estimator = estimator, Support = SupportRange.TokenQuantiles(1, 99), Sites = AllSites(host.Model) };

        var maps = await host.FitAsync(Texts(8), fit, cancellationToken: Token);
        var onDevice = await device.FitAsync(Texts(8), fit, cancellationToken: Token);

        foreach (var (site, map) in maps.Maps)
        {
            Assert.True(map.Slope.SequenceEqual(onDevice.Maps[site].Slope) && map.Intercept.SequenceEqual(onDevice.Maps[site].Intercept), site.ToString());
            Assert.True(map.SupportLow.SequenceEqual(onDevice.Maps[site].SupportLow), site.ToString());
        }
    }

    [Fact]
    public async Task Fit_MoreTextsThanSequences_CountsEachOnce()
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));
        var data = Texts(75);

        var maps = await fitter.FitAsync(data, new FitOptions { Estimator = TransportEstimator.Mean }, cancellationToken: Token);

        AssertMeanShift(fitter.Model, data, new Site(3, HookPoint.BlockOutput), TokenSelection.WithoutBos, Pooling.Mean, maps);
    }

    [Theory]
    [InlineData(Pooling.Mean, false)]
    [InlineData(Pooling.Last, false)]
    [InlineData(Pooling.Last, true)]
    public async Task Fit_TextsLongerThanABatch_ContinueInTheNext(Pooling pooling, bool longFirst)
    {
        // Batches hold 512 tokens.
        using var fitter = Open(TestModelCache.Get(new RandomModelOptions { ContextLength = 1024 }));
        var longText = TrainingExample.FromText(string.Concat(Enumerable.Repeat("Hello world. ", 200)));
        Assert.InRange(fitter.Model.Vocabulary.Tokenize(longText.Text!, false, false).Length, 513, 1023);
        var texts = Texts(5);
        var data = new ConceptData("c", longFirst ? [longText, .. texts.Source] : [.. texts.Source, longText, .. texts.Target], texts.Target);

        var maps = await fitter.FitAsync(data, new FitOptions { Estimator = TransportEstimator.Mean, Pooling = pooling }, cancellationToken: Token);

        AssertMeanShift(fitter.Model, data, new Site(3, HookPoint.BlockOutput), TokenSelection.WithoutBos, pooling, maps);
    }

    [Fact]
    public async Task Fit_OneTextPerSet_WorksForMeanAndIsRefusedForTheRest()
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));

        Assert.NotEmpty((await fitter.FitAsync(Texts(1), new FitOptions { Estimator = TransportEstimator.Mean }, cancellationToken: Token)).Maps);

        await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(Texts(1), new FitOptions { Estimator = TransportEstimator.Linear }, cancellationToken: Token));
        await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(Texts(1), new FitOptions { Estimator = TransportEstimator.Gaussian }, cancellationToken: Token));
    }

    [Fact]
    public void ConceptData_EmptySet_IsRefused() => Assert.Throws<SteeringFitException>(() => new ConceptData("c", [], Texts(1).Target));

    [Theory]
    [InlineData(FitOrder.Simultaneous)]
    [InlineData(FitOrder.Causal)]
    public async Task Fit_EqualSets_IsRefused(FitOrder order)
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));
        var source = Texts(4).Source;

        var error = await Assert.ThrowsAsync<SteeringFitException>(() =>
            fitter.FitAsync(new ConceptData("same", source, source), new FitOptions { Estimator = TransportEstimator.Mean, Order = order }, cancellationToken: Token));

        Assert.Contains("'same'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_TextLongerThanTheContext_NamesTheText()
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));
        var texts = Texts(3);
        var data = new ConceptData("c", texts.Source, [texts.Target[0], TrainingExample.FromText(string.Concat(Enumerable.Repeat("Hello ", 300)))]);

        var error = await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(data, new FitOptions(), cancellationToken: Token));

        Assert.Contains("target text 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("User")]
    [InlineData("<|im_start|>system")]
    public async Task Fit_UnknownRole_NamesTextAndRole(string role)
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));
        var data = new ConceptData("c", [TrainingExample.FromDialogue([new DialogueMessage(role, "Hello")])], Texts(1).Target);

        var error = await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(data, new FitOptions(), cancellationToken: Token));

        Assert.Contains("source text 1", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{role}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_TextWithoutSelectedTokens_NamesTheText()
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));
        var data = new ConceptData("c", [TrainingExample.FromDialogue([new DialogueMessage("user", "Hello")])], Texts(1).Target);

        var error = await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(data, new FitOptions { Tokens = TokenSelection.Answer }, cancellationToken: Token));

        Assert.Contains("source text 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_SiteTheModelLacks_IsRefused()
    {
        using var fitter = Open(TestModelCache.Get(ModelArchitecture.Llama));

        await Assert.ThrowsAsync<SteeringFitException>(() => fitter.FitAsync(Texts(2), new FitOptions { Sites = SiteSelector.Of(HookPoint.AttentionPostNorm) }, cancellationToken: Token));
    }

    private static void AssertMeanShift(LlamaModel model, ConceptData data, Site site, TokenSelection tokens, Pooling pooling, MapSet maps)
    {
        var source = PlainCapture.Rows(model, data.Source, site, tokens, pooling);
        var target = PlainCapture.Rows(model, data.Target, site, tokens, pooling);
        var (from, to) = (PlainCapture.Mean(source), PlainCapture.Mean(target));
        var deviation = Math.Sqrt(source.Concat(target).SelectMany(row => row).Average(value => value * value));
        for (var i = 0; i < model.Width; i++)
        {
            Assert.Equal(1, maps.Maps[site].Slope[i]);
            Assert.InRange(maps.Maps[site].Intercept[i] - (to[i] - from[i]), -Tolerance * deviation, Tolerance * deviation);
        }
    }

    private static SiteSelector AllSites(LlamaModel model) => SiteSelector.Of(model.HookPoints.Select(point => point.Site));

    private static LlamaSteeringFitter Open(string path) => Open(TestEngine.Options(path));

    private static LlamaSteeringFitter Open(SteeredLlamaOptions options)
    {
        (options.KvCacheType, options.FlashAttention) = (KvCacheType.F32, FlashAttention.Disabled);
        return LlamaSteeringFitter.Open(options, cancellationToken: Token);
    }

    private static ConceptData Texts(int count) => new(
        "c",
        [.. Enumerable.Range(0, count).Select(i => TrainingExample.FromText($"Hello world {i}, you are kind. {new string('a', i % 7)}"))],
        [.. Enumerable.Range(0, count + 1).Select(i => TrainingExample.FromText($"What is {i} in it? {new string('b', i % 5)}"))]);

    private static ConceptData Dialogues(int count) => new(
        "c",
        [.. Enumerable.Range(0, count).Select(i => Dialogue("You are not good.", $"Hello {i}", $"I am bad {new string('x', i)}."))],
        [.. Enumerable.Range(0, count).Select(i => Dialogue("You are good.", $"Hello you {i}", $"I am the {new string('y', i + 1)} one."))]);

    private static TrainingExample Dialogue(string system, string user, string assistant) => TrainingExample.FromDialogue(
        [new DialogueMessage("system", system), new DialogueMessage("user", user), new DialogueMessage("assistant", assistant)]);
}
