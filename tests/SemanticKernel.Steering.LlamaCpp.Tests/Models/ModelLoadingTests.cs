using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Models;

public class ModelLoadingTests
{
    private static int s_seed = 700;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_Progress_RisesFrom0To1(bool memoryMap)
    {
        var reports = new List<float>();
        var options = TestEngine.Options(OwnModel());
        options.MemoryMap = memoryMap;

        SteeredLlamaEngine.Load(options, null, new Progress(reports.Add), Token).Dispose();

        Assert.Equal(reports.Order(), reports);
        Assert.All(reports, value => Assert.InRange(value, 0, 1));
        Assert.Equal(1, reports[^1]);
        Assert.True(reports.Count > 2);
    }

    [Fact]
    public void Load_SharedModel_ReportsThatItIsThere()
    {
        var path = OwnModel();
        using var first = TestEngine.Open(path);
        var reports = new List<float>();

        SteeredLlamaEngine.Load(TestEngine.Options(path), null, new Progress(reports.Add), Token).Dispose();

        Assert.Equal([1f], reports);
    }

    [Fact]
    public void Load_ProgressThatThrows_LoadsAllTheSame() =>
        SteeredLlamaEngine.Load(TestEngine.Options(OwnModel()), null, new Progress(_ => throw new InvalidOperationException()), Token).Dispose();

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    public void Load_CancelledOnTheWay_StopsAndCanBeRepeated(float at)
    {
        var path = OwnModel();
        var options = TestEngine.Options(path);
        options.MemoryMap = false;
        using var cancel = new CancellationTokenSource();
        var last = 0f;

        Assert.ThrowsAny<OperationCanceledException>(() => SteeredLlamaEngine.Load(options, null, new Progress(value =>
        {
            last = value;
            if (value >= at)
            {
                cancel.Cancel();
            }
        }), cancel.Token));

        Assert.True(last < 1);
        TestEngine.Open(path).Dispose();
    }

    [Fact]
    public async Task LoadAsync_CancelledBeforehand_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SteeredLlamaEngine.LoadAsync(TestEngine.Options(OwnModel()), cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void Load_GpuLayersWithoutGpu_FailsUnlessAllowed()
    {
        var options = TestEngine.Options(OwnModel());
        options.GpuLayers = -1;
        using (var probe = TestEngine.Open(OwnModel()))
        {
            Assert.SkipWhen(probe.Model.NativeLibrary.HasGpu, "The llama.cpp in use has a GPU backend.");
        }

        var error = Assert.Throws<LlamaModelException>(() => TestEngine.Open(options));

        Assert.Contains("GpuLayers is -1", error.Message, StringComparison.Ordinal);
        Assert.Contains("AllowCpuFallback", error.Message, StringComparison.Ordinal);
        options.AllowCpuFallback = true;
        TestEngine.Open(options).Dispose();
    }

    [Fact]
    public void Load_ContextBeyondTraining_FailsUnlessAllowed()
    {
        var options = TestEngine.Options(OwnModel());
        options.ContextSize = 257;

        var error = Assert.Throws<LlamaModelException>(() => TestEngine.Open(options));

        Assert.Contains("257", error.Message, StringComparison.Ordinal);
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
        Assert.Throws<LlamaModelException>(() => LlamaSteeringFitter.Open(options, cancellationToken: Token));
        options.AllowContextBeyondTraining = true;
        using var engine = TestEngine.Open(options);
        Assert.Equal(257, engine.ContextSize);
    }

    [Fact]
    public void Load_RequestsThatNoCacheCouldHold_NamesTheOptionsToChange()
    {
        var options = TestEngine.Options(OwnModel());
        (options.ContextSize, options.AllowContextBeyondTraining, options.MaxConcurrentRequests) = (1 << 24, true, 128);

        var error = Assert.Throws<LlamaModelException>(() => TestEngine.Open(options));

        Assert.All(["16777216", "128", "2147483648", "CacheSize", "MaxConcurrentRequests"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        options.CacheSize = 1;
        Assert.Contains("CacheSize is 1", Assert.Throws<LlamaModelException>(() => TestEngine.Open(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoContextSize_TakesTheTrainedOneUpTo4096()
    {
        using var small = TestEngine.Open(OwnModel());
        using var large = TestEngine.Open(TestModelCache.Get(new RandomModelOptions { ContextLength = 8192 }));

        Assert.Equal(256, small.ContextSize);
        Assert.Equal(4096, large.ContextSize);
    }

    [Fact]
    public void Load_QuantizedCacheWithoutFlashAttention_IsRefused()
    {
        var options = TestEngine.Options(OwnModel());
        (options.KvCacheType, options.FlashAttention) = (KvCacheType.Q8, FlashAttention.Disabled);

        Assert.Contains("KvCacheType", Assert.Throws<ArgumentException>(() => TestEngine.Open(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KvCacheType.F16)]
    [InlineData(KvCacheType.F32)]
    [InlineData(KvCacheType.BF16)]
    [InlineData(KvCacheType.Q8)]
    [InlineData(KvCacheType.Q4)]
    public async Task Load_EachCacheType_Answers(KvCacheType type)
    {
        var options = TestEngine.Options(TinyChat.ModelPath);
        (options.KvCacheType, options.FlashAttention) = (type, FlashAttention.Enabled);
        using var engine = TestEngine.Open(options);

        Assert.NotEmpty((await engine.AskAsync("What color is a plum?")).Text);
    }

    [Fact]
    public void WidestRow_OfTinyChat_IsItsFeedForwardPart()
    {
        using var lease = TestEngine.OpenModel(TinyChat.ModelPath);

        Assert.Equal(432, lease.Model.Hooks.WidestRow);
    }

    [Theory]
    [InlineData(ModelArchitecture.Qwen3)]
    [InlineData(ModelArchitecture.Gemma2)]
    [InlineData(ModelArchitecture.Phi3)]
    [InlineData(ModelArchitecture.Gpt2)]
    public void WidestRow_OfAnyGraph_HasTheSizeOfATokenNotOfTheCache(ModelArchitecture architecture)
    {
        using var lease = TestEngine.OpenModel(architecture);

        // The feed-forward part has 128 neurons, beside as many gates in one node where they are fused; scores have a row of the context per head.
        Assert.InRange(lease.Model.Hooks.WidestRow, 128, 1024);
    }

    [Fact]
    public void Model_Facts_AreThoseOfTheFile()
    {
        using var lease = TestEngine.OpenModel(TinyChat.ModelPath);
        var model = lease.Model;

        Assert.Equal(("TinyChat", "llama", 160, 6, 512, 1024), (model.Name, model.Architecture, model.Width, model.LayerCount, model.TrainedContextSize, model.VocabularySize));
        Assert.InRange(model.ParameterCount, 1_500_000, 2_500_000);
        Assert.InRange(model.SizeInBytes, 3_000_000, new FileInfo(model.Path).Length);
        Assert.Contains("<|im_start|>", model.ChatTemplate, StringComparison.Ordinal);
    }

    private static string OwnModel() => TestModelCache.Get(new RandomModelOptions { Seed = Interlocked.Increment(ref s_seed) });
}
