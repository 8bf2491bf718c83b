using System.Runtime.CompilerServices;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

public class BatchingTests
{
    private static readonly Random Numbers = new(41);

    /// <summary>Far longer than anything here takes: what takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_LeftEarly_FreesItsPlaceAtOnce()
    {
        using var engine = ServingEngine.Open(options => (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (1, 0));
        for (var i = 0; i < 20; i++)
        {
            await foreach (var update in engine.StreamAsync("Hello", TestEngine.Greedy(maxTokens: 300)))
            {
                break;
            }

            await engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 1));
        }
    }

    [Fact]
    public async Task Handle_OfACallThatWasRefused_CanBeUsedAgain()
    {
        using var engine = ServingEngine.Open(options => (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (1, 0));
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(TestContext.Current.CancellationToken));
        engine.Loop.Submit(blocker);
        var options = TestEngine.Greedy(maxTokens: 2);
        options.AdditionalProperties = new() { [SteeringKeys.Handle] = new SteeringHandle() };
        await Assert.ThrowsAsync<EngineBusyException>(() => engine.AskAsync("Hello", options));
        gate.Set();
        await Schedule.EndAsync(blocker);

        await engine.AskAsync("Hello", options);

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.AskAsync("Hello", options));
    }

    [Fact]
    public async Task RequestsWithdrawn_BehindOneThatRuns_AreLetGo()
    {
        using var engine = ServingEngine.Open(options => (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (1, 1));
        using var submitted = new ManualResetEventSlim();
        using var counted = new ManualResetEventSlim();
        var hasRunOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 10 }, (_, token) =>
        {
            if (token == 1)
            {
                submitted.Wait(TestContext.Current.CancellationToken);
            }
            else if (token == 5)
            {
                hasRunOn.SetResult();
                counted.Wait(TestContext.Current.CancellationToken);
            }
        });
        engine.Loop.Submit(running);
        var withdrawn = Enumerable.Range(0, 1000).Select(_ => SubmitAndWithdraw(engine)).ToArray();

        submitted.Set();
        await hasRunOn.Task;
        GC.Collect();
        var left = withdrawn.Count(request => request.IsAlive);
        counted.Set();
        await Schedule.EndAsync(running);

        Assert.InRange(left, 0, 10);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SubmitAndWithdraw(SteeredLlamaEngine engine)
    {
        var request = Schedule.Request(engine, new Script { Prompt = [5, 6, 7], MaxTokens = 400 });
        engine.Loop.Submit(request);
        engine.Loop.Stop(request);
        return new WeakReference(request);
    }

    [Fact]
    public async Task Run_RequestsOfEqualLength_TakeTurnsTokenByToken()
    {
        using var engine = ServingEngine.Open();
        var order = new List<int>();
        var scripts = Enumerable.Range(0, 4).Select(i => new Script { Prompt = ServingEngine.Prompt(Numbers, 8), MaxTokens = 20, OnToken = _ => order.Add(i) }).ToArray();

        await Schedule.RunAsync(engine, scripts);

        Assert.Equal(Enumerable.Range(0, 80).Select(i => i % 4), order);
    }

    [Fact]
    public async Task Run_RequestJoinsMidway_IsAnsweredBeforeTheFirstOneEnds()
    {
        using var engine = ServingEngine.Open();
        var order = new List<int>();
        Script[] scripts =
        [
            new() { Prompt = ServingEngine.Prompt(Numbers, 8), MaxTokens = 100, OnToken = _ => order.Add(0) },
            new() { Prompt = ServingEngine.Prompt(Numbers, 8), MaxTokens = 5, JoinsAt = 50, OnToken = _ => order.Add(1) },
        ];

        await Schedule.RunAsync(engine, scripts);

        Assert.InRange(order.IndexOf(1), 50, 56);
        Assert.InRange(order.LastIndexOf(1), 55, 65);
    }

    [Fact]
    public async Task Run_LongPromptJoins_OthersKeepGettingTokensWhileItIsRead()
    {
        using var engine = ServingEngine.Open();
        var (told, begun) = (0, 0);
        Script[] scripts =
        [
            new() { Prompt = ServingEngine.Prompt(Numbers, 8), MaxTokens = 100, OnToken = token => told = token },
            new() { Prompt = ServingEngine.Prompt(Numbers, 400), MaxTokens = 5, JoinsAt = 10, OnToken = token => begun = token == 0 ? told : begun },
        ];

        await Schedule.RunAsync(engine, scripts);

        // 400 tokens in portions of 32, with one token of the other answer in each batch.
        Assert.InRange(begun, 20, 28);
    }

    [Fact]
    public async Task Run_PromptsThatWaitForEachOther_AreReadInTheOrderOfArrival()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 3);
        var order = new List<int>();

        // The first one ends early and leaves the lowest sequence to the last one.
        Script[] scripts =
        [
            new() { Prompt = ServingEngine.Prompt(Numbers, 8), MaxTokens = 3 },
            new() { Prompt = ServingEngine.Prompt(Numbers, 400), MaxTokens = 3, OnToken = _ => order.Add(1) },
            new() { Prompt = ServingEngine.Prompt(Numbers, 400), MaxTokens = 3, OnToken = _ => order.Add(2) },
            new() { Prompt = ServingEngine.Prompt(Numbers, 400), MaxTokens = 3, OnToken = _ => order.Add(3) },
        ];

        await Schedule.RunAsync(engine, scripts);

        Assert.Equal([1, 2, 3], order.Distinct());
    }

    [Fact]
    public async Task Run_ShortPromptBehindALongOne_IsAnsweredWhileTheLongOneIsRead()
    {
        using var engine = ServingEngine.Open();
        var order = new List<string>();
        Script[] scripts =
        [
            new() { Prompt = ServingEngine.Prompt(Numbers, 400), MaxTokens = 1, OnToken = _ => order.Add("long") },
            new() { Prompt = ServingEngine.Prompt(Numbers, 400), MaxTokens = 1, OnToken = _ => order.Add("second") },
            new() { Prompt = ServingEngine.Prompt(Numbers, 20), MaxTokens = 4, OnToken = _ => order.Add("short") },
        ];

        await Schedule.RunAsync(engine, scripts);

        // The short one fits into the half of a batch that the oldest prompt leaves; the long ones keep their order.
        Assert.Equal(["short", "short", "short", "short", "long", "second"], order);
    }

    [Fact]
    public async Task Run_ManyShortPromptsBehindALongOne_LeaveItHalfOfEveryBatch()
    {
        using var engine = ServingEngine.Open();
        var (steps, readAfter) = (0, 0);
        Script[] scripts =
        [
            new() { Prompt = ServingEngine.Prompt(Numbers, 8), MaxTokens = 100, OnToken = token => steps = token },
            new() { Prompt = ServingEngine.Prompt(Numbers, 320), MaxTokens = 1, JoinsAt = 1, OnToken = _ => readAfter = steps },
            .. Enumerable.Range(0, 60).Select(i => new Script { Prompt = ServingEngine.Prompt(Numbers, 12), MaxTokens = 1, JoinsAt = 1 }),
        ];

        await Schedule.RunAsync(engine, scripts);

        // Portions of 32 while the first answer runs, of which 16 are the long prompt's for certain.
        Assert.InRange(readAfter, 10, 21);
    }

    [Fact]
    public async Task Cancel_OneOfTwoPrompts_DoesNotReadTheOtherAgain()
    {
        using var engine = ServingEngine.Open();
        for (var round = 0; round < 10; round++)
        {
            var unwanted = Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 500), MaxTokens = 5 });
            var prompt = ServingEngine.Prompt(Numbers, 400);
            var wanted = Schedule.Request(engine, new Script { Prompt = prompt, MaxTokens = 1, CacheScope = "kept" });
            engine.Loop.Submit(unwanted);
            engine.Loop.Submit(wanted);
            await Task.Delay(round, Token);
            unwanted.Abandon();
            engine.Loop.Stop(unwanted);
            await Schedule.EndAsync(unwanted);
            await Schedule.EndAsync(wanted);

            Assert.Null(wanted.Output.Error);
            await Schedule.RunAsync(engine, new Script { Prompt = prompt, MaxTokens = 1, CacheScope = "kept" });
            Assert.Equal(399, engine.Loop.LastSharedTokens);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Decode_SteeredRequests_AllocateNothingPerToken(int requests)
    {
        using var engine = ServingEngine.Open();
        var allocations = new List<long>();

        // The first answers compile code and start threads of the pool that wakes readers.
        while (allocations.Count < 15 && allocations is not [.., 0])
        {
            var running = Enumerable.Range(0, requests).Select(i => Schedule.Request(engine, new Script
            {
                Prompt = ServingEngine.Prompt(Numbers, 10), Strengths = ServingEngine.Strength(ServingEngine.All, 0.25 * (i + 1)), MaxTokens = 60,
            })).ToArray();
            Array.ForEach(running, engine.Loop.Submit);
            await Task.WhenAll(running.Select(Schedule.EndAsync));
            Assert.All(running, request => Assert.Equal(60, request.Output.Written));
            allocations.Add(engine.Loop.LastDecodeAllocations);
        }

        Assert.Equal(0, allocations[^1]);
    }

    [Fact]
    public async Task Ask_LongerThanItsTimeLimit_Throws()
    {
        using var engine = ServingEngine.Open(options => options.RequestTimeout = TimeSpan.FromMilliseconds(1));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 450)));

        Assert.Contains("RequestTimeout", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SteeredLlamaOptions.FirstTokenTimeout))]
    [InlineData(nameof(SteeredLlamaOptions.RequestTimeout))]
    public async Task Ask_WaitsLongerThanItMay_ThrowsAndGivesItsPlaceInTheQueueBack(string limit)
    {
        var moment = TimeSpan.FromMilliseconds(20);
        using var engine = ServingEngine.Open(options =>
        {
            (options.MaxConcurrentRequests, options.MaxQueuedRequests) = (1, 1);
            options.FirstTokenTimeout = limit == nameof(options.FirstTokenTimeout) ? moment : null;
            options.RequestTimeout = limit == nameof(options.RequestTimeout) ? moment : null;
        });
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(Token));
        engine.Loop.Submit(blocker);

        for (var round = 0; round < 3; round++)
        {
            var error = await Assert.ThrowsAsync<TimeoutException>(() => engine.AskAsync("Hello"));

            Assert.Contains(limit, error.Message, StringComparison.Ordinal);
        }

        gate.Set();
        await Schedule.EndAsync(blocker);
    }

    [Fact]
    public async Task Shutdown_RequestsRunAndWait_AnswersThemAndTakesNoMore()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 2);
        var requests = Submit(engine, 6, maxTokens: 50);

        await engine.ShutdownAsync(Token);

        await Task.WhenAll(requests.Select(Schedule.EndAsync));
        Assert.All(requests, request => Assert.Null(request.Output.Error));
        Assert.All(requests, request => Assert.Equal(50, request.Output.Written));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.AskAsync("Hello"));
    }

    [Fact]
    public async Task Shutdown_FromTheCallOn_TakesNoMoreRequests()
    {
        using var engine = ServingEngine.Open();
        using var gate = new ManualResetEventSlim();
        var running = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 1 }, (_, _) => gate.Wait(Token));
        engine.Loop.Submit(running);

        var shutdown = engine.ShutdownAsync(Token);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.AskAsync("Hello"));
        gate.Set();
        await shutdown;
        await Schedule.EndAsync(running);
        Assert.Null(running.Output.Error);
    }

    [Fact]
    public async Task Shutdown_ToldNotToWait_EndsWhatIsNotAnswered()
    {
        using var engine = ServingEngine.Open(options => options.MaxConcurrentRequests = 2);
        using var hurry = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var blocker = Schedule.Request(engine, new Script { Prompt = [5], MaxTokens = 400 }, (_, _) => gate.Wait(Token));
        engine.Loop.Submit(blocker);
        var requests = Submit(engine, 4, maxTokens: 400);
        var shutdown = engine.ShutdownAsync(hurry.Token);

        // The engine's thread is held, and closing waits for it. Whoever cancels does not.
        await Task.Run(hurry.Cancel, Token).WaitAsync(Patience, Token);
        Assert.False(shutdown.IsCompleted);
        while (!engine.Loop.IsClosed)
        {
            await Task.Delay(1, Token);
        }

        gate.Set();
        await shutdown;

        await Task.WhenAll(requests.Append(blocker).Select(Schedule.EndAsync));
        Assert.All(requests.Append(blocker), request => Assert.IsType<ObjectDisposedException>(request.Output.Error));
    }

    private static GenerationRequest[] Submit(SteeredLlamaEngine engine, int count, int maxTokens)
    {
        var requests = Enumerable.Range(0, count).Select(_ => Schedule.Request(engine, new Script { Prompt = ServingEngine.Prompt(Numbers, 10), MaxTokens = maxTokens })).ToArray();
        Array.ForEach(requests, engine.Loop.Submit);
        return requests;
    }
}
