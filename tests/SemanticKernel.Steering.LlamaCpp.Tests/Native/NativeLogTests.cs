using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Tests.Configuration;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Native;

[Collection(AloneWithTheLog.Name)]
public sealed class NativeLogTests : IDisposable
{
    private const int LibraryLoaded = 2;

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

    private static string OwnModel() => TestModelCache.Get(new RandomModelOptions { Name = $"log {Interlocked.Increment(ref s_count)}" });

    private static SteeredLlamaEngine Open(SteeredLlamaOptions options, ILoggerFactory log) =>
        SteeredLlamaEngine.Load(options, log, cancellationToken: TestContext.Current.CancellationToken);

    private IReadOnlyList<LogEntry> Lines() => _log.Of(RecordingLog.NativeLine);
}
