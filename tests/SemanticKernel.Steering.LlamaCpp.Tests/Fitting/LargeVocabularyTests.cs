using System.Diagnostics;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Fitting;
using SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

/// <summary>A model whose logits take more than anything else. Alone, because the memory of the whole process is looked at.</summary>
[Collection(Alone.Name)]
public class LargeVocabularyTests
{
    private const long Budget = 64L << 20;
    private static readonly ConceptData Data = new(
        "c",
        [.. Enumerable.Range(0, 30).Select(i => TrainingExample.FromText($"Hello world {i}, you are kind. {new string('a', 10)}"))],
        [.. Enumerable.Range(0, 30).Select(i => TrainingExample.FromText($"What is {i} in it? {new string('b', 10)}"))]);

    private static readonly FitOptions Causal = new() { Estimator = TransportEstimator.Mean, Order = FitOrder.Causal };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FitAsync_CausalWhereOnlyTheLogitsExceedTheBudget_StaysNearItAndGivesTheSameMaps()
    {
        using var fitter = Open();
        var expected = await fitter.FitAsync(Data, Causal, cancellationToken: Token);
        var before = WorkingSet();
        long peak = 0;
        var stages = new HashSet<string>();

        var maps = await fitter.FitAsync(Data, Causal with { MemoryBudget = Budget }, new Reporter(progress =>
        {
            stages.Add(progress.Stage);
            peak = Math.Max(peak, WorkingSet());
        }), Token);

        var tokens = Data.Source.Concat(Data.Target).Sum(example => fitter.Model.Vocabulary.Tokenize(example.Text!, false, false).Length);
        Assert.True((long)tokens * fitter.Model.VocabularySize * sizeof(float) > 5 * Budget, $"{tokens} tokens.");
        Assert.InRange(peak - before, long.MinValue, 2 * Budget);
        Assert.Equal(2, stages.Count);
        Assert.Contains(stages, stage => stage.StartsWith("Fitting the last layer's sites", StringComparison.Ordinal) && stage.Contains("64 MiB", StringComparison.Ordinal));
        Assert.Equal(expected.Maps.Keys, maps.Maps.Keys);
        foreach (var (site, map) in expected.Maps)
        {
            var size = Math.Sqrt(map.Intercept.ToArray().Average(value => (double)value * value));
            Assert.All(map.Intercept.ToArray().Zip(maps.Maps[site].Intercept.ToArray()), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * size));
        }
    }

    [Fact]
    public void BytesOfContext_CountsWhatLlamaCppClearsAndTheScoresOfPlainAttention()
    {
        using var lease = TestEngine.OpenModel(Model());
        var settings = TestEngine.Options(Model());
        var all = Job(lease.Model, settings, length: 2);
        var early = all.At(..all.SitesBeforeOutputs);
        var logits = all.BytesOfLogits;

        Assert.Equal(all.Sites.Count - 1, early.Sites.Count);
        Assert.Equal((512 - 3) * logits, all.BytesOfContext(512, 512, 3) - early.BytesOfContext(512, 512, 3));
        Assert.Equal(7 * logits, early.BytesOfContext(64, 512, 10) - early.BytesOfContext(64, 512, 3));
        var flash = early.BytesOfContext(64, 300, 3);
        settings.FlashAttention = FlashAttention.Disabled;
        Assert.Equal(64L * 512 * 4 * sizeof(float), early.BytesOfContext(64, 300, 3) - flash);
    }

    [Theory]
    [InlineData(2, 0, 167)]
    [InlineData(300, 0, 300)]
    [InlineData(2000, 0, 512)]
    [InlineData(2000, -1, 167)]
    public void BatchSize_LongTexts_FitAsAWholeOnAProcessor(int length, int gpuLayers, int expected)
    {
        using var lease = TestEngine.OpenModel(Model());
        var settings = TestEngine.Options(Model());
        settings.GpuLayers = gpuLayers;

        Assert.Equal(expected, Job(lease.Model, settings, length).BatchSize);
    }

    private static FitJob Job(LlamaModel model, SteeredLlamaOptions settings, int length)
    {
        var text = new TokenizedText(new int[length], [.. Enumerable.Repeat(true, length)], new RowKind[length], 1);
        return new FitJob(model, settings, new FitOptions(), [text], [text]);
    }

    private static long WorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string Model() => TestModelCache.Get(new RandomModelOptions
    {
        Vocabulary = TinyVocabulary.Bpe(new() { Bos = "<s>", Eos = "</s>" }, size: 100_000),
    });

    private static LlamaSteeringFitter Open()
    {
        var options = TestEngine.Options(Model());
        (options.KvCacheType, options.FlashAttention) = (KvCacheType.F32, FlashAttention.Disabled);
        return LlamaSteeringFitter.Open(options, cancellationToken: Token);
    }

    private sealed class Reporter(Action<FitProgress> onReport) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => onReport(value);
    }
}
