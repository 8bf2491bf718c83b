using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Changes while the engine runs, without waiting for file watchers.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly SteeringFolder _folder = new();
    private readonly RecordingLog _log = new();
    private readonly string _section;
    private readonly SteeredLlamaEngine _engine;

    public ReloadTests()
    {
        _folder.WriteMap("a");
        _folder.WriteMap("b", 0.1f, new Site(0, HookPoint.AttentionNorm));
        _section = _folder.Section(["a"], """
            "DefaultPolicy": "family", "Policies": { "family": { "Concepts": { "a": { "Strength": 1, "Min": 0.8, "Max": 1.2, "Override": "Within" } } } }
            """);
        _engine = _folder.OpenSettings(_section, _log);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Reload_Policy_HoldsForTheNextRequest()
    {
        Assert.True(Change(SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "0.9")));

        Assert.Equal(0.9, _engine.StrengthOf("a"));
        Assert.Single(_log.Of(21));
        Assert.Empty(_log.At(LogLevel.Error));
        Assert.Empty(_log.At(LogLevel.Warning));
    }

    [Fact]
    public void Reload_DefaultPolicyAndViolation_HoldForTheNextRequest()
    {
        var section = SteeringFolder.With(_section, "Policies:strict", """{ "Concepts": { "a": { "Strength": 2 } } }""");
        section = SteeringFolder.With(section, "PolicyViolation", "\"Clamp\"");

        Assert.True(Change(SteeringFolder.With(section, "DefaultPolicy", "\"strict\"")));

        Assert.Equal("strict", _engine.DefaultPolicy);
        Assert.Equal(2, _engine.Steering.Resolve(Requests.Of(("a", 5))).Strengths["a"]);
    }

    [Fact]
    public void Reload_Concepts_AreAddedAndRemoved()
    {
        var both = SteeringFolder.With(_section, "Concepts:b", $$"""{ "Map": {{JsonSerializer.Serialize(_folder.PathOf("b"))}} }""");
        both = SteeringFolder.With(both, "Policies:family:Concepts:b", """{ "Strength": 0.3 }""");

        Assert.True(Change(both));
        Assert.Equal(["a", "b"], _engine.Concepts.Select(concept => concept.Name));
        Assert.Equal(0.3, _engine.StrengthOf("b"));

        Assert.True(Change(_section));
        Assert.Equal(["a"], _engine.Concepts.Select(concept => concept.Name));
        Requests.Refuses(_engine, Requests.Of(("b", 0.3)));
    }

    [Theory]
    [InlineData("Policies:family:Concepts:a:Strength", "\"1,5\"")]
    [InlineData("Policies:family:Concepts:a:Strenght", "1")]
    [InlineData("Policies", "{}")]
    [InlineData("Policies", null)]
    [InlineData("DefaultPolicy", null)]
    [InlineData("DefaultPolicy", "\"other\"")]
    [InlineData("Concepts:a:Map", "\"no-such.safetensors\"")]
    [InlineData("Concepts", null)]
    [InlineData("ModelPath", null)]
    [InlineData("Threads", "0")]
    public void Reload_InvalidChange_IsRefusedAsAWholeAndLogged(string key, string? json)
    {
        var bad = SteeringFolder.With(SteeringFolder.With(_section, "Policies:family:Concepts:a:Max", "9"), key, json);

        Assert.False(Change(bad));
        Assert.False(Change(bad));

        Assert.Equal(1, _engine.StrengthOf("a"));
        Requests.Refuses(_engine, Requests.Of(("a", 5)));
        Assert.Equal(2, _log.At(LogLevel.Error).Count);
        Assert.Contains("SteeredLlama:", _log.At(LogLevel.Error)[0].Text, StringComparison.Ordinal);
        Assert.True(Change(SteeringFolder.With(_section, "Policies:family:Concepts:a:Max", "9")));
        Assert.Equal(5, _engine.Steering.Resolve(Requests.Of(("a", 5))).Strengths["a"]);
    }

    [Fact]
    public void Reload_InvalidJson_KeepsTheOldState()
    {
        _folder.WriteRaw("{ \"SteeredLlama\": { ");

        Assert.ThrowsAny<Exception>(_folder.Refresh);
        Assert.Equal(1, _engine.StrengthOf("a"));
        _engine.Steering.Reload();
        Assert.Equal(1, _engine.StrengthOf("a"));
        Assert.True(Change(SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "1.1")));
        Assert.Equal(1.1, _engine.StrengthOf("a"));
    }

    [Fact]
    public void Reload_AllPoliciesRemoved_IsRefused()
    {
        var before = _engine.StrengthOf("a");

        Assert.False(Change(SteeringFolder.With(SteeringFolder.With(_section, "Policies", null), "DefaultPolicy", null)));

        Assert.NotEqual(0, before);
        Assert.Equal(before, _engine.StrengthOf("a"));
        Assert.Single(_log.Of(22));
    }

    [Theory]
    [InlineData("ModelId", "\"other\"")]
    [InlineData("Threads", "2")]
    [InlineData("RequestTimeout", "\"00:01:00\"")]
    [InlineData("FirstTokenTimeout", "\"00:00:10\"")]
    [InlineData("ContextSize", "128")]
    [InlineData("BatchSize", "16")]
    [InlineData("GpuLayers", "1")]
    [InlineData("Seed", "7")]
    [InlineData("KvCacheType", "\"F32\"")]
    [InlineData("FlashAttention", "\"Disabled\"")]
    [InlineData("MemoryMap", "false")]
    [InlineData("MemoryLock", "true")]
    [InlineData("ChatTemplate", "\"chatml\"")]
    [InlineData("NativeLibraryPath", "\"elsewhere\"")]
    [InlineData("AllowCpuFallback", "true")]
    [InlineData("AllowContextBeyondTraining", "true")]
    [InlineData("AllowOtherChatTemplate", "true")]
    [InlineData("AllowOtherQuantization", "true")]
    public void Reload_OtherKey_NeedsARestartAndTheRestIsTaken(string key, string json)
    {
        var section = SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "1.2");

        Assert.True(Change(SteeringFolder.With(section, key, json)));

        Assert.Equal(1.2, _engine.StrengthOf("a"));
        var warning = Assert.Single(_log.At(LogLevel.Warning)).Text;
        Assert.Contains($"{key} has changed; it needs a restart", warning, StringComparison.Ordinal);
        Assert.NotEqual("other", _engine.ModelId);
    }

    [Fact]
    public void Reload_OptionsChangedInCode_AreNoReasonForARestart()
    {
        var options = SteeredLlamaOptions.FromConfiguration(_folder.Configuration());
        (options.ModelId, options.BatchSize) = ("code", 8);
        using var log = new RecordingLog();
        using var engine = SteeredLlamaEngine.Load(options, log, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(engine.Steering.Reload());

        Assert.Empty(log.At(LogLevel.Warning));
    }

    [Fact]
    public void Reload_PinnedMap_MapFirstThenHash_SwitchesWhenBothAgree()
    {
        Pin(out var oldHash);

        var newHash = _folder.WriteMap("a", 0.2f);
        Assert.False(_engine.Steering.Reload());
        Assert.Equal(oldHash, Hash("a"));
        Assert.Contains(newHash, _log.At(LogLevel.Error)[^1].Text, StringComparison.Ordinal);

        Assert.True(Change(Pinned(newHash)));
        Assert.Equal(newHash, Hash("a"));
    }

    [Fact]
    public void Reload_PinnedMap_HashFirstThenMap_SwitchesWhenBothAgree()
    {
        Pin(out var oldHash);
        using var other = new SteeringFolder();
        var newHash = other.WriteMap("a", 0.2f);

        Assert.False(Change(Pinned(newHash)));
        Assert.Equal(oldHash, Hash("a"));

        _folder.WriteMap("a", 0.2f);
        Assert.True(_engine.Steering.Reload());
        Assert.Equal(newHash, Hash("a"));
    }

    [Fact]
    public void Reload_DamagedOrMissingMap_KeepsTheOldOne()
    {
        var before = Hash("a");
        var fingerprint = _engine.Steering.Resolve(SteeringRequest.Empty).Fingerprint;

        File.WriteAllBytes(_folder.PathOf("a"), File.ReadAllBytes(_folder.PathOf("a"))[..^5]);
        Assert.False(_engine.Steering.Reload());
        File.Delete(_folder.PathOf("a"));
        Assert.False(_engine.Steering.Reload());

        Assert.Equal(before, Hash("a"));
        Assert.Equal(fingerprint, _engine.Steering.Resolve(SteeringRequest.Empty).Fingerprint);
    }

    [Fact]
    public void ContentHash_OfAPinnedMap_IsThatOfTheBytesOnDisk()
    {
        Pin(out var hash);

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder.PathOf("a")))), hash);
        Assert.True(Change(Pinned(hash.ToUpperInvariant())));
    }

    [Fact]
    public async Task Reload_WhileAnAnswerRuns_LeavesItsPlan()
    {
        var expected = await _engine.AskAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 30));
        await using var running = _engine.StreamAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 30)).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await running.MoveNextAsync());
        var text = running.Current.Text;

        Assert.True(Change(SteeringFolder.With(_section, "Policies:family:Concepts:a", """{ "Strength": -1 }""")));
        SteeringReport? report = null;
        while (await running.MoveNextAsync())
        {
            text += running.Current.Text;
            report = running.Current.AdditionalProperties?[SteeringKeys.Report] as SteeringReport;
        }

        Assert.Equal(expected.Text, text);
        Assert.Equal(1, report!.Concepts["a"]);
        var next = await _engine.AskAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 30));
        Assert.Equal(-1, ((SteeringReport)next.AdditionalProperties![SteeringKeys.Report]!).Concepts["a"]);
    }

    [Fact]
    public async Task Reload_UnderConcurrentRequests_NeverShowsAMixture()
    {
        // Strength and limit change together; a mixture would show as a strength outside of the limits.
        var other = SteeringFolder.With(_section, "Policies:family:Concepts:a", """{ "Strength": 3, "Min": 3, "Max": 3.5, "Override": "Within" }""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var resolver = _engine.Steering.Resolver;
                    var rule = resolver.Policies["family"].Concepts[0];
                    Assert.Equal(rule.Strength, resolver.Resolve(SteeringRequest.Empty).Strengths["a"]);
                    Assert.Contains(_engine.StrengthOf("a"), new[] { 1.0, 3.0 });
                }
            },
            TestContext.Current.CancellationToken)).ToArray();

        for (var round = 0; round < 10; round++)
        {
            Assert.True(Change(round % 2 == 0 ? other : _section));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    private bool Change(string section)
    {
        _folder.WriteSettings(section);
        _folder.Refresh();
        return _engine.Steering.Reload();
    }

    private void Pin(out string hash)
    {
        hash = Hash("a");
        Assert.True(Change(Pinned(hash)));
    }

    private string Pinned(string hash) => SteeringFolder.With(_section, "Concepts", $"{{ {_folder.Concept("a", hash)} }}");

    private string Hash(string concept) => _engine.Concepts.Single(entry => entry.Name == concept).ContentHash;
}
