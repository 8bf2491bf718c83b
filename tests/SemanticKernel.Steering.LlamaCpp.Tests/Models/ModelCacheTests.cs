using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Models;

/// <summary>What happens while a model is being loaded.</summary>
public sealed class ModelCacheTests : IDisposable
{
    /// <summary>Far above what anything here takes, far below for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static int s_count;

    private readonly string _path = OwnModel();
    private readonly ManualResetEventSlim _isLoading = new();
    private readonly ManualResetEventSlim _mayGoOn = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _mayGoOn.Set();
        _isLoading.Dispose();
        _mayGoOn.Dispose();
    }

    [Fact]
    public async Task Dispose_WhileAnotherModelLoads_DoesNotWaitForIt()
    {
        using var other = TestEngine.Open(OwnModel());
        var loading = LoadHalfWay(Token);

        await Task.Run(other.Dispose, Token).WaitAsync(Patience, Token);

        Assert.True(other.Model.Handle.IsClosed);
        Assert.False(loading.IsCompleted);
        _mayGoOn.Set();
        (await loading).Dispose();
    }

    [Fact]
    public async Task Dispose_InAProgressCallback_DoesNotHang()
    {
        using var other = TestEngine.Open(OwnModel());

        using var engine = await LoadAsync(new Progress(_ => other.Dispose()), Token).WaitAsync(Patience, Token);

        Assert.True(other.Model.Handle.IsClosed);
    }

    [Fact]
    public async Task Load_WhileTheSameFileLoads_WaitsAndSharesIt()
    {
        var reports = new List<float>();
        var first = LoadHalfWay(Token);
        var second = LoadAsync(new Progress(reports.Add), Token);
        _mayGoOn.Set();

        using var one = await first;
        using var other = await second;

        Assert.Same(one.Model, other.Model);
        Assert.Equal([1f], reports);
    }

    [Fact]
    public async Task Load_CancelledWhileAnotherWaitsForIt_LeavesTheOtherToLoadItself()
    {
        using var cancel = new CancellationTokenSource();
        var first = LoadHalfWay(cancel.Token);
        var second = LoadAsync(null, Token);
        await cancel.CancelAsync();
        _mayGoOn.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        using var engine = await second;

        Assert.NotEmpty((await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Load_CancelledWhileItWaits_EndsAtOnceAndKeepsNoShare()
    {
        using var cancel = new CancellationTokenSource();
        var first = LoadHalfWay(Token);
        var second = LoadAsync(null, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Patience, Token));
        Assert.False(first.IsCompleted);
        _mayGoOn.Set();
        var engine = await first;
        engine.Dispose();
        Assert.True(engine.Model.Handle.IsClosed);
    }

    private static string OwnModel() => TestModelCache.Get(new RandomModelOptions { Name = $"cache {Interlocked.Increment(ref s_count)}" });

    /// <summary>Loads until the first progress, and then waits for leave to go on.</summary>
    private Task<SteeredLlamaEngine> LoadHalfWay(CancellationToken cancellationToken)
    {
        var loading = LoadAsync(new Progress(_ =>
        {
            _isLoading.Set();
            _mayGoOn.Wait(CancellationToken.None);
        }), cancellationToken);
        Assert.True(_isLoading.Wait(Patience, Token));
        return loading;
    }

    // Not on the pool, whose threads would be slow to come while others wait on them.
    private Task<SteeredLlamaEngine> LoadAsync(IProgress<float>? progress, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => SteeredLlamaEngine.Load(TestEngine.Options(_path), null, progress, cancellationToken), Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
