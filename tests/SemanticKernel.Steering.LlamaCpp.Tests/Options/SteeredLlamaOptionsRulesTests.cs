namespace SemanticKernel.Steering.LlamaCpp.Tests.Options;

public class SteeredLlamaOptionsRulesTests
{
    public static TheoryData<string, object?> Impossible => new()
    {
        { "ModelPath", "" }, { "ModelPath", "  " },
        { "ContextSize", 0 }, { "ContextSize", -1 },
        { "BatchSize", 0 }, { "BatchSize", -1 }, { "BatchSize", (1 << 16) + 1 },
        { "Threads", 0 }, { "Threads", -4 }, { "Threads", 513 },
        { "GpuLayers", -2 },
        { "KvCacheType", (KvCacheType)99 },
        { "FlashAttention", (FlashAttention)(-1) },
        { "MaxConcurrentRequests", 0 }, { "MaxConcurrentRequests", 257 },
        { "MaxQueuedRequests", -1 },
        { "CacheSize", 0 },
        { "RequestTimeout", TimeSpan.Zero }, { "RequestTimeout", TimeSpan.MaxValue },
        { "FirstTokenTimeout", TimeSpan.FromSeconds(-1) }, { "FirstTokenTimeout", TimeSpan.FromDays(50) },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Check_ImpossibleValue_NamesTheOption(string option, object? value)
    {
        var options = new SteeredLlamaOptions { ModelPath = "model.gguf" };
        typeof(SteeredLlamaOptions).GetProperty(option)!.SetValue(options, value);

        Assert.Contains(option, Assert.Throws<ArgumentException>(() => SteeredLlamaOptionsRules.Check(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_LimitsThemselves_Pass()
    {
        var options = new SteeredLlamaOptions { ModelPath = "m", ContextSize = 1, BatchSize = 1, Threads = 512, GpuLayers = -1, KvCacheType = KvCacheType.Q4 };

        SteeredLlamaOptionsRules.Check(options);
    }

    [Theory]
    [InlineData(KvCacheType.Q8)]
    [InlineData(KvCacheType.Q4)]
    public void Check_QuantizedCacheWithoutFlashAttention_IsRefused(KvCacheType type)
    {
        var options = new SteeredLlamaOptions { ModelPath = "m", KvCacheType = type, FlashAttention = FlashAttention.Disabled };

        Assert.Throws<ArgumentException>(() => SteeredLlamaOptionsRules.Check(options));
    }

    [Theory]
    [InlineData(null, "m")]
    [InlineData(" ", "m")]
    [InlineData("c", null)]
    [InlineData("c", "")]
    public void AddConcept_NoNameOrPath_IsRefused(string? name, string? path) =>
        Assert.ThrowsAny<ArgumentException>(() => new SteeredLlamaOptions().AddConcept(name!, path!));

    [Fact]
    public void AddConcept_Null_IsRefused() => Assert.Throws<ArgumentNullException>(() => new SteeredLlamaOptions().AddConcept(null!));
}
