using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Tests.Configuration;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class EngineCreationTests
{
    private const int ManyThreads = 64;

    private static int s_count;

    public static TheoryData<string> Mistakes => [.. Failing.Keys];

    /// <summary>Each fails later than the one before.</summary>
    private static Dictionary<string, Action<SteeredLlamaOptions>> Failing { get; } = new()
    {
        ["context beyond training"] = options => options.ContextSize = 1 << 20,
        ["no such template"] = options => options.ChatTemplate = "no-such-template",
        ["cache smaller than a request"] = options => options.CacheSize = 1,
        ["concept of another model"] = options => options.AddConcept(TestMaps.Shift(TinyChat.ModelPath, "c", 1f)),
        ["blocks wider than a head"] = options => options.KvCacheType = KvCacheType.Q4,
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Load_FailsHalfWay_LeavesNeitherWeightsNorThreadsBehind(string mistake)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mappings and threads of the process are read from /proc.");
        var path = TestModelCache.Get(new RandomModelOptions { Name = $"creation {Interlocked.Increment(ref s_count)}" });
        var options = TestEngine.Options(path);
        options.Threads = ManyThreads;
        Failing[mistake](options);
        var threads = CountThreads();

        for (var i = 0; i < 3; i++)
        {
            Assert.ThrowsAny<SteeringException>(() => TestEngine.Open(options));
        }

        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);

        // Other tests start threads meanwhile, but not so many.
        Assert.True(CountThreads() < threads + ManyThreads, $"There were {threads} threads and are {CountThreads()}.");
        using var sound = TestEngine.Open(path);
        Assert.Contains(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LogThatThrows_LeavesNeitherWeightsNorThreadsBehind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mappings and threads of the process are read from /proc.");
        var path = TestModelCache.Get(new RandomModelOptions { Name = $"creation {Interlocked.Increment(ref s_count)}" });
        var options = TestEngine.Options(path);
        options.Threads = ManyThreads;
        var threads = CountThreads();

        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<InvalidOperationException>(() => SteeredLlamaEngine.Load(options, new BrokenLog(), cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        Assert.True(CountThreads() < threads + ManyThreads, $"There were {threads} threads and are {CountThreads()}.");
    }

    [Theory]
    [InlineData("CacheSize", "1")]
    [InlineData("ChatTemplate", "\"no-such-template\"")]
    [InlineData("ContextSize", "1000000")]
    public void Load_FailsHalfWay_WatchesTheConfigurationNoLonger(string key, string value)
    {
        var section = new WatchedSection(SteeringFolder.Parse($$"""{ "ModelPath": {{System.Text.Json.JsonSerializer.Serialize(TinyChat.ModelPath)}}, "{{key}}": {{value}} }"""));

        Assert.ThrowsAny<SteeringException>(() => TestEngine.Open(SteeredLlamaOptions.FromConfiguration(section)));

        Assert.Equal(0, section.Watchers);
    }

    [Fact]
    public void Load_Succeeds_WatchesTheConfigurationUntilItIsDisposed()
    {
        var section = new WatchedSection(SteeringFolder.Parse($$"""{ "ModelPath": {{System.Text.Json.JsonSerializer.Serialize(TinyChat.ModelPath)}}, "Threads": 1 }"""));

        var engine = TestEngine.Open(SteeredLlamaOptions.FromConfiguration(section));

        Assert.Equal(1, section.Watchers);
        engine.Dispose();
        Assert.Equal(0, section.Watchers);
    }

    private static int CountThreads() => Directory.GetDirectories("/proc/self/task").Length;

    /// <summary>Throws at the last message of opening an engine.</summary>
    private sealed class BrokenLog : ILoggerFactory, ILogger
    {
        private const int Opened = 10;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == Opened)
            {
                throw new InvalidOperationException("The log is broken.");
            }
        }

        public void Dispose()
        {
        }
    }
}
