using System.Text;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class EngineDisposalTests
{
    private static int s_count;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_RequestsRunningAndQueued_FailAllOfThem()
    {
        using var engine = TestEngine.Open(OwnModel());
        var calls = Enumerable.Range(0, 5).Select(_ => engine.AskAsync("Hello", Long())).ToArray();

        engine.Dispose();

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }
    }

    [Fact]
    public async Task Dispose_FromSeveralThreadsWhileAnswering_IsSafe()
    {
        for (var round = 0; round < 20; round++)
        {
            using var engine = TestEngine.Open(OwnModel());
            var call = engine.AskAsync("Hello", Long());
            var disposals = Enumerable.Range(0, 4).Select(_ => Task.Run(engine.Dispose, Token)).ToArray();

            await Task.WhenAll(disposals);

            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        }
    }

    [Fact]
    public async Task Dispose_FromSeveralThreads_EachReturnsWithTheWeightsFreed()
    {
        for (var round = 0; round < 20; round++)
        {
            var engine = TestEngine.Open(OwnModel());
            using var together = new Barrier(3);

            var isFreed = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait(Token);
                    engine.Dispose();
                    return engine.Model.Handle.IsClosed;
                },
                Token, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.DoesNotContain(false, isFreed);
        }
    }

    [Fact]
    public async Task Shutdown_ReaderFarBehind_GetsTheWholeAnswer()
    {
        var engine = TestEngine.Open(OwnModel());
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        await foreach (var update in engine.StreamAsync("Hello", TestEngine.Greedy(maxTokens: 100)))
        {
            if (text.Length == 0)
            {
                await engine.ShutdownAsync(Token);
            }

            text.Append(update.Text);
            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(ChatFinishReason.Length, finish);
        using var fresh = TestEngine.Open(OwnModel());
        Assert.Equal((await fresh.AskAsync("Hello", TestEngine.Greedy(maxTokens: 100))).Text, text.ToString());
    }

    [Fact]
    public async Task Shutdown_CallsUnderWay_AreAllAnswered()
    {
        for (var round = 0; round < 20; round++)
        {
            var engine = TestEngine.Open(OwnModel());
            var calls = Enumerable.Range(0, 4).Select(_ => engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 30))).ToArray();

            await engine.ShutdownAsync(Token);

            Assert.All(await Task.WhenAll(calls), response => Assert.Equal(ChatFinishReason.Length, response.FinishReason));
        }
    }

    [Fact]
    public void Dispose_Twice_DoesNothingTheSecondTime()
    {
        var engine = TestEngine.Open(OwnModel());
        engine.Dispose();
        engine.Dispose();
    }

    [Fact]
    public async Task Dispose_WhileCallsAreCancelled_IsSafe()
    {
        for (var round = 0; round < 20; round++)
        {
            using var engine = TestEngine.Open(OwnModel());
            using var cancel = new CancellationTokenSource();
            var calls = Enumerable.Range(0, 4).Select(_ => engine.Client().GetResponseAsync(TestEngine.User("Hello"), Long(), cancel.Token)).ToArray();
            var cancelling = Task.Run(cancel.Cancel, Token);

            engine.Dispose();

            await cancelling;
            foreach (var call in calls)
            {
                var error = await Assert.ThrowsAnyAsync<Exception>(() => call);
                Assert.True(error is ObjectDisposedException or OperationCanceledException, error.ToString());
            }
        }
    }

    [Fact]
    public async Task Ask_AfterDispose_Throws()
    {
        var engine = TestEngine.Open(OwnModel());
        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.AskAsync("Hello"));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await new SteeredLlamaTextGenerator(engine).GenerateAsync("Hello", null, Token).ToListAsync(Token));
    }

    [Fact]
    public async Task Ask_AfterDisposeWhileAnotherEngineSharesTheWeights_Throws()
    {
        var path = OwnModel();
        using var other = TestEngine.Open(path);
        var engine = TestEngine.Open(path);
        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.AskAsync("Hello"));
        Assert.NotEmpty((await other.AskAsync("Hello")).Messages);
    }

    [Fact]
    public async Task Dispose_WhileAStreamIsHalfRead_EndsTheStreamWithAnError()
    {
        var engine = TestEngine.Open(OwnModel());
        await using var stream = engine.StreamAsync("Hello", Long()).GetAsyncEnumerator(Token);
        Assert.True(await stream.MoveNextAsync());

        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (await stream.MoveNextAsync())
            {
            }
        });
    }

    [Fact]
    public async Task Dispose_OfTheClient_ClosesOnlyAnEngineItOwns()
    {
        using var engine = TestEngine.Open(OwnModel());
        new SteeredLlamaChatClient(engine).Dispose();
        Assert.NotEmpty((await engine.AskAsync("Hello")).Messages);

        new SteeredLlamaChatClient(engine, ownsEngine: true).Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.AskAsync("Hello"));
    }

    private static ChatOptions Long() => TestEngine.Greedy(maxTokens: 4000);

    /// <summary>A model no other test has open, so that its weights are really freed, and whose greedy answers do not end by themselves.</summary>
    private static string OwnModel() => TestModelCache.Get(new RandomModelOptions
    {
        Architecture = ModelArchitecture.Qwen3, ContextLength = 4096, IsEndless = true,
        Name = $"disposal {Interlocked.Increment(ref s_count)}",
    });
}
