using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Fitting.Calibration;
using SemanticKernel.Steering.LlamaCpp.Tests.Hooks;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

public class CalibrationTests
{
    private static readonly FitOptions Options = new()
    {
        Estimator = TransportEstimator.Mean, Tokens = TokenSelection.Answer, Sites = SiteSelector.Of(HookPoint.AttentionNorm),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Calibrate_Toxicity_MakesUnseenPoliteAnswersMoreLikely(int passes)
    {
        using var fitter = Open();
        var maps = await fitter.FitAsync(Data(64), Options, cancellationToken: Token);

        var result = await fitter.CalibrateAsync(maps, Data(64), new CalibrationOptions { Passes = passes }, cancellationToken: Token);

        Assert.True(result.Report.LossAfter < result.Report.LossBefore - 0.01, $"{result.Report.LossBefore} became {result.Report.LossAfter}.");
        Assert.Equal(1, result.Maps.Metadata.RecommendedStrength);
        Assert.Equal(maps.Concept, result.Maps.Concept);
        Assert.All(result.Report.Strengths.Values, strength => Assert.InRange(Math.Abs(strength), 0, 10));
        Assert.Equal(passes == 0, result.Report.Strengths.Values.Distinct().Count() == 1);
    }

    [Fact]
    public async Task Calibrate_Result_DoesAtStrength1WhatTheMapsDoAtTheFoundStrengths()
    {
        using var fitter = Open();
        var maps = await fitter.FitAsync(Data(32), Options, cancellationToken: Token);

        var result = await fitter.CalibrateAsync(maps, Data(32), cancellationToken: Token);

        foreach (var (site, map) in result.Maps.Maps)
        {
            float[] row = TestMaps.Pattern(map.Width, 1), expected = TestMaps.Pattern(map.Width, 1);
            map.Apply(row, 1);
            maps.Maps[site].Apply(expected, (float)result.Report.Strengths[site]);
            Assert.All(row.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        }

        Assert.Equal(result.Maps.Operations.Count, result.Report.Strengths.Values.Count(strength => strength != 0));
    }

    [Fact]
    public async Task Calibrate_MapsThatRecommendAStrength_RecommendStrength1Afterwards()
    {
        using var fitter = Open();
        var maps = await fitter.FitAsync(Data(16), Options with { RecommendedStrength = 2.25 }, cancellationToken: Token);

        var result = await fitter.CalibrateAsync(maps, Data(16), new CalibrationOptions { Passes = 0 }, cancellationToken: Token);

        Assert.Equal(2.25, maps.Metadata.RecommendedStrength);
        Assert.Equal(1, result.Maps.Metadata.RecommendedStrength);
    }

    [Fact]
    public async Task FitWithReport_WithCalibration_DoesBothAtOnce()
    {
        using var fitter = Open();
        var data = Data(32);
        var expected = await fitter.CalibrateAsync(await fitter.FitAsync(data, Options, cancellationToken: Token), data, cancellationToken: Token);

        var result = await fitter.FitWithReportAsync(data, Options with { Calibration = new CalibrationOptions(), RecommendedStrength = 1.25 }, cancellationToken: Token);

        Assert.Equal(expected.Report.LossAfter, result.Calibration!.LossAfter, 1e-6);
        Assert.Equal(expected.Maps.Operations.Keys, result.Maps.Operations.Keys);
        Assert.Equal(1.25, result.Maps.Metadata.RecommendedStrength);
    }

    [Fact]
    public async Task Calibrate_TextsThatTheMapsLeadAwayFrom_IsRefused()
    {
        using var fitter = Open();
        var data = Data(48);
        var maps = await fitter.FitAsync(data, Options, cancellationToken: Token);

        var error = await Assert.ThrowsAsync<SteeringFitException>(() => fitter.CalibrateAsync(maps, new ConceptData("toxicity", data.Target, data.Source), cancellationToken: Token));

        Assert.Contains("less likely", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_Ablation_IsRefusedAndSaysWhy()
    {
        using var fitter = Open();
        var maps = await fitter.FitAsync(Data(16), Options with { Estimator = TransportEstimator.DirectionAblation }, cancellationToken: Token);

        var error = await Assert.ThrowsAsync<SteeringFitException>(() => fitter.CalibrateAsync(maps, Data(16), cancellationToken: Token));

        Assert.Contains("ablation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calibrate_MapsOfAnotherModel_AreRefused()
    {
        using var fitter = Open();
        var foreign = TestMaps.Shift(TestModelCache.Get(ModelArchitecture.Llama), "foreign", 1);

        await Assert.ThrowsAsync<MapSetMismatchException>(() => fitter.CalibrateAsync(foreign, Data(8), cancellationToken: Token));
    }

    [Fact]
    public async Task Calibrate_Cancelled_Stops()
    {
        using var fitter = Open();
        var maps = await fitter.FitAsync(Data(16), Options, cancellationToken: Token);
        using var cancel = new CancellationTokenSource();
        var progress = new CancelAt(3, cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fitter.CalibrateAsync(maps, Data(16), progress: progress, cancellationToken: cancel.Token));
    }

    [Fact]
    public void AnswerLoss_Unsteered_IsTheMeanOverAnswerTokensOfPlainDecodes()
    {
        using var lease = TestEngine.OpenModel(TinyChat.ModelPath);
        var model = lease.Model;
        var texts = new TrainingTokenizer(new ModelTemplate(model, null), TokenSelection.Answer, 512).Tokenize("target", Data(9).Target);
        using var loss = new AnswerLoss(model, TestEngine.Options(TinyChat.ModelPath), texts);

        var measured = loss.Measure(new SteeringOperation?[model.Hooks.Hooks.Count], Token);

        Assert.Equal(PlainLoss(model, texts), measured, 2e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    public void LossWorker_TextsLongerThanABatch_GiveTheLossOfWholeOnes(int batchSize)
    {
        using var lease = TestEngine.OpenModel(TinyChat.ModelPath);
        var model = lease.Model;
        var texts = new TrainingTokenizer(new ModelTemplate(model, null), TokenSelection.Answer, 512).Tokenize("target", Data(4).Target);
        var options = TestEngine.Options(TinyChat.ModelPath);
        (options.KvCacheType, options.FlashAttention) = (KvCacheType.F32, FlashAttention.Disabled);
        var operations = new SteeringOperation?[model.Hooks.Hooks.Count];
        var site = new Site(2, HookPoint.BlockOutput);
        operations[model.Hooks.IndexOf(site)] = TestMaps.Shift(TinyChat.ModelPath, "c", 0.2f, SteeringScope.All, site).Maps[site].Compile(1, SteeringScope.All, site);

        Assert.Equal(LossOf(512), LossOf(batchSize), 1e-2);

        double LossOf(int size)
        {
            using var worker = new LossWorker(model, options, 512, size, sequences: 1, threads: 1);
            return Enumerable.Range(0, texts.Length).Sum(text => worker.Measure(texts, text..(text + 1), operations, Token));
        }
    }

    private static double PlainLoss(LlamaModel model, TokenizedText[] texts)
    {
        var callback = new RecordingCallback(model.Hooks, model.Library.Tensors);
        using var run = new GraphRun(model, callback);
        var losses = new List<double>();
        foreach (var text in texts)
        {
            callback.Seen.Clear();
            var logits = run.Decode(text.Tokens, [.. Enumerable.Range(0, text.Tokens.Length)]).Chunk(model.VocabularySize).ToArray();
            for (var i = 1; i < text.Tokens.Length; i++)
            {
                if (text.Kinds[i] == RowKind.Generated)
                {
                    losses.Add(Math.Log(logits[i - 1].Sum(value => Math.Exp(value))) - logits[i - 1][text.Tokens[i]]);
                }
            }
        }

        return losses.Average();
    }

    private static LlamaSteeringFitter Open() => LlamaSteeringFitter.Open(TestEngine.Options(TinyChat.ModelPath), cancellationToken: Token);

    private static ConceptData Data(int count)
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        return new ConceptData("toxicity", [.. all.Source.Take(count)], [.. all.Target.Take(count)]);
    }

    private sealed class CancelAt(int report, CancellationTokenSource cancel) : IProgress<FitProgress>
    {
        private int _reports;

        public void Report(FitProgress value)
        {
            if (++_reports == report)
            {
                cancel.Cancel();
            }
        }
    }
}
