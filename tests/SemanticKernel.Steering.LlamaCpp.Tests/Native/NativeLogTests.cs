using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Tests.Configuration;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

[Collection(AloneWithTheLog.Name)]
public sealed class NativeLogTests : IDisposable
{
    private const int LibraryLoaded = 2;
    private const int BeyondTraining = 11;

    private static int s_count;

    private readonly RecordingLog _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_AfterAFitterWithoutLogger_LogsWhatIsLoaded(bool sameModel)
    {
        var path = OwnModel();
        using var fitter = LlamaSteeringFitter.Open(TestEngine.Options(path), cancellationToken: TestContext.Current.CancellationToken);

        using var engine = Open(TestEngine.Options(sameModel ? path : OwnModel()), _log);

        var entry = Assert.Single(_log.Of(LibraryLoaded));
        var library = engine.Model.NativeLibrary;
        Assert.Equal(LogLevel.Information, entry.Level);
        Assert.All([library.Path, library.Version, .. library.Backends], part => Assert.Contains(part, entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_OfAnyModel_GoToTheOpenEngineThatLogsThem()
    {
        using var silent = Open(TestEngine.Options(OwnModel()), NullLoggerFactory.Instance);
        var engine = Open(TestEngine.Options(OwnModel()), _log);
        var before = Lines().Count;
        Assert.True(before > 0);

        Open(TestEngine.Options(OwnModel()), NullLoggerFactory.Instance).Dispose();

        Assert.True(Lines().Count > before);
        engine.Dispose();
        var after = Lines().Count;
        Open(TestEngine.Options(OwnModel()), NullLoggerFactory.Instance).Dispose();
        Assert.Equal(after, Lines().Count);
    }

    [Fact]
    public void Lines_WithTwoOpenEngines_GoToTheLastOneOnly()
    {
        using var last = new RecordingLog();
        using var engine = Open(TestEngine.Options(OwnModel()), _log);
        var before = Lines().Count;

        using (Open(TestEngine.Options(OwnModel()), last))
        {
            Assert.Equal(before, Lines().Count);
            Assert.NotEmpty(last.Of(RecordingLog.NativeLine));
        }

        Open(TestEngine.Options(OwnModel()), NullLoggerFactory.Instance).Dispose();
        Assert.True(Lines().Count > before);
    }

    [Fact]
    public void Load_Fails_LeavesNoLoggerBehind()
    {
        var options = TestEngine.Options(OwnModel());
        options.ChatTemplate = "no-such-template";
        Assert.ThrowsAny<SteeringException>(() => Open(options, _log));
        Assert.Throws<FileNotFoundException>(() => Open(TestEngine.Options("there-is-no-such.gguf"), _log));
        var before = Lines().Count;

        Open(TestEngine.Options(OwnModel()), NullLoggerFactory.Instance).Dispose();

        Assert.Equal(before, Lines().Count);
    }

    [Fact]
    public void Load_CacheOfSeveralRequests_WarnsOfNoContext()
    {
        using var engine = Open(TestEngine.Options(OwnModel()), _log);

        var compared = Lines().Where(line => line.Text.Contains("n_ctx_train", StringComparison.Ordinal) && line.Text.Contains("n_ctx_seq (1024)", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Trace, Assert.Single(compared).Level);
        Assert.DoesNotContain(Lines(), line => line.Level > LogLevel.Trace && line.Text.Contains("n_ctx_train", StringComparison.Ordinal));
        Assert.Empty(_log.Of(BeyondTraining));
    }

    [Fact]
    public void Load_ContextBeyondTraining_WarnsNamingBoth()
    {
        var options = TestEngine.Options(OwnModel());
        (options.ContextSize, options.AllowContextBeyondTraining) = (512, true);

        using var engine = Open(options, _log);

        var warning = Assert.Single(_log.Of(BeyondTraining));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("512", warning.Text, StringComparison.Ordinal);
        Assert.Contains("256", warning.Text, StringComparison.Ordinal);
    }

    private static string OwnModel() => TestModelCache.Get(new RandomModelOptions { Name = $"log {Interlocked.Increment(ref s_count)}" });

    private static SteeredLlamaEngine Open(SteeredLlamaOptions options, ILoggerFactory log) =>
        SteeredLlamaEngine.Load(options, log, cancellationToken: TestContext.Current.CancellationToken);

    private IReadOnlyList<LogEntry> Lines() => _log.Of(RecordingLog.NativeLine);
}
