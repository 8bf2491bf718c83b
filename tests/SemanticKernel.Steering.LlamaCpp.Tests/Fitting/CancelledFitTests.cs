using SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Fitting;

/// <summary>What cancelled fits leave behind. Alone, because the whole process is looked at.</summary>
[Collection(Alone.Name)]
public class CancelledFitTests
{
    private const int Rounds = 10;

    // What the C library and the runtime keep for themselves comes and goes by less; ten contexts that stay behind would take several times as much.
    private const long NativeAllowance = 8 << 20;

    private static readonly FitOptions Options = new() { Estimator = TransportEstimator.Mean, Tokens = TokenSelection.Answer };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<FitOptions> Ways =>
    [
        Options,
        Options with { MemoryBudget = 1 << 20, Sites = SiteSelector.Of(Enumerable.Range(0, 6).SelectMany(layer => new[] { new Site(layer, HookPoint.AttentionNorm), new Site(layer, HookPoint.BlockOutput) })) },
        Options with { Order = FitOrder.Causal },
        Options with { Order = FitOrder.Causal, MemoryBudget = 1 << 20 },
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task FitAsync_CancelledTenTimes_LeavesNothingBehind(FitOptions options)
    {
        var opened = TestEngine.Options(TinyChat.ModelPath);
        opened.Threads = 2;
        using var fitter = LlamaSteeringFitter.Open(opened, cancellationToken: Token);
        var data = Data();
        await CancelAsync(fitter, data, options, 2);
        var before = MemoryUse.Now();

        for (var round = 0; round < Rounds; round++)
        {
            await CancelAsync(fitter, data, options, 1 + (round % 3));
        }

        var after = MemoryUse.Now();
        Assert.DoesNotContain("Causal fit", NativeThreads());
        Assert.InRange(after.Threads - before.Threads, int.MinValue, Rounds / 2);
        Assert.InRange(after.Handles - before.Handles, int.MinValue, Rounds / 2);
        Assert.InRange(after.Native - before.Native, long.MinValue, NativeAllowance);
    }

    private static async Task CancelAsync(LlamaSteeringFitter fitter, ConceptData data, FitOptions options, int report)
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fitter.FitAsync(data, options, new CancelAt(report, cancel), cancel.Token));
    }

    /// <summary>The names of all threads; none where the system has no list of them.</summary>
    private static IEnumerable<string> NativeThreads() => Directory.Exists("/proc/self/task")
        ? Directory.GetDirectories("/proc/self/task").Select(thread => Path.Combine(thread, "comm")).Where(File.Exists).Select(name => File.ReadAllText(name).Trim())
        : [];

    private static ConceptData Data()
    {
        var all = ConceptData.LoadJsonLines("toxicity", TinyChat.Data("toxicity.source.jsonl"), TinyChat.Data("toxicity.target.jsonl"));
        return new ConceptData("toxicity", [.. all.Source.Take(64)], [.. all.Target.Take(64)]);
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
