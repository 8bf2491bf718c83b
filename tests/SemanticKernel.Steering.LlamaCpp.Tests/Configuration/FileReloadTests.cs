using Microsoft.Extensions.Logging;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Real edits of real files, seen by real watchers.</summary>
public sealed class FileReloadTests : IDisposable
{
    private readonly SteeringFolder _folder = new();
    private readonly RecordingLog _log = new();
    private readonly string _section;
    private readonly SteeredLlamaEngine _engine;

    public FileReloadTests()
    {
        var hash = _folder.WriteMap("a");
        _section = _folder.Section(["a"], """
            "DefaultPolicy": "family", "Policies": { "family": { "Concepts": { "a": { "Strength": 1 } } } }
            """);
        _section = SteeringFolder.With(_section, "Concepts", $"{{ {_folder.Concept("a", hash)} }}");
        _engine = _folder.OpenSettings(_section, _log, reloadOnChange: true);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Edit_Settings_IsTaken()
    {
        _folder.WriteSettings(SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "0.5"));

        await Eventually(() => _engine.StrengthOf("a") == 0.5);
    }

    [Fact]
    public async Task Edit_SettingsBadTwiceThenGood_KeepsTheOldStateUntilThen()
    {
        _folder.WriteSettings(SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "\"1,5\""));
        await Eventually(() => _log.At(LogLevel.Error).Any(entry => entry.Text.Contains("1,5", StringComparison.Ordinal)));
        Assert.Equal(1, _engine.StrengthOf("a"));

        _folder.WriteSettings(SteeringFolder.With(_section, "Policies:family:Typo", "1"));
        await Eventually(() => _log.At(LogLevel.Error).Any(entry => entry.Text.Contains("Policies:family:Typo", StringComparison.Ordinal)));
        Assert.Equal(1, _engine.StrengthOf("a"));

        _folder.WriteSettings(SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "0.5"));
        await Eventually(() => _engine.StrengthOf("a") == 0.5);
    }

    [Fact]
    public async Task Edit_InvalidJsonThenGood_KeepsTheOldStateUntilThen()
    {
        _folder.WriteRaw("{ \"SteeredLlama\": { \"ModelPath\":");
        _folder.WriteSettings(SteeringFolder.With(_section, "Policies:family:Concepts:a:Strength", "0.5"));

        // Either strength may show meanwhile, never none.
        await Eventually(() => _engine.StrengthOf("a") == 0.5 || (_engine.StrengthOf("a") != 1 ? throw new InvalidOperationException("A third state showed.") : false));
    }

    [Fact]
    public async Task Edit_MapThenHash_SwitchesWhenBothAgree()
    {
        var before = _engine.Concepts[0].ContentHash;
        var after = _folder.WriteMap("a", 0.2f);
        await Eventually(() => _log.At(LogLevel.Error).Any(entry => entry.Text.Contains(after, StringComparison.Ordinal)));
        Assert.Equal(before, _engine.Concepts[0].ContentHash);

        _folder.WriteSettings(SteeringFolder.With(_section, "Concepts:a:Sha256", $"\"{after}\""));
        await Eventually(() => _engine.Concepts[0].ContentHash == after);
    }

    [Fact]
    public async Task Edit_HashThenMap_SwitchesWhenBothAgree()
    {
        var before = _engine.Concepts[0].ContentHash;
        using var other = new SteeringFolder();
        var after = other.WriteMap("a", 0.2f);
        _folder.WriteSettings(SteeringFolder.With(_section, "Concepts:a:Sha256", $"\"{after}\""));
        await Eventually(() => _log.At(LogLevel.Error).Any(entry => entry.Text.Contains("Concepts:a:Sha256", StringComparison.Ordinal)));
        Assert.Equal(before, _engine.Concepts[0].ContentHash);

        _folder.WriteMap("a", 0.2f);
        await Eventually(() => _engine.Concepts[0].ContentHash == after);
    }

    [Fact]
    public async Task Edit_UnpinnedMapWrittenInPlace_IsTaken()
    {
        _folder.WriteSettings(SteeringFolder.With(_section, "Concepts:a:Sha256", null));
        await Eventually(() => _log.Of(21).Count > 0);
        using var bytes = new MemoryStream();
        var maps = TestMaps.Shift(TinyChat.ModelPath, "a", 0.3f);
        maps.Save(bytes);

        await File.WriteAllBytesAsync(_folder.PathOf("a"), bytes.ToArray(), TestContext.Current.CancellationToken);

        await Eventually(() => _engine.Concepts[0].ContentHash == maps.ContentHash);
    }

    /// <summary>Watchers take their time, the more so on busy machines: waits long, and no longer than needed.</summary>
    private static async Task Eventually(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
