using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class CancellationTests
{
    private const int ContextLength = 4096;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_CancelledBeforehand_ComputesNothing()
    {
        using var engine = Open();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Client().GetResponseAsync(TestEngine.User("Hello"), TestEngine.Greedy(), cancel.Token));

        Assert.NotEmpty((await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Cancel_RequestInTheQueue_EndsItWhileTheOneBeforeRunsOn()
    {
        using var engine = Open();
        using var cancel = new CancellationTokenSource();
        var first = engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 3000));
        var second = engine.Client().GetResponseAsync(TestEngine.User("Hello"), TestEngine.Greedy(), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        Assert.False(first.IsCompleted);
        Assert.Equal(3000, (await first).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Cancel_EngineDoneAndReaderFarBehind_EndsTheStreamAtOnce()
    {
        using var engine = Open();
        using var cancel = new CancellationTokenSource();
        var after = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in engine.Client().GetStreamingResponseAsync(TestEngine.User("Hello"), TestEngine.Greedy(maxTokens: 200), cancel.Token))
            {
                after += cancel.IsCancellationRequested ? 1 : 0;
                if (!cancel.IsCancellationRequested)
                {
                    // Another answer of the same length: by its end, this one is done.
                    await engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 210));
                    await cancel.CancelAsync();
                }
            }
        });

        Assert.Equal(0, after);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task Cancel_InsideALongPrompt_StopsThePrefill(int yields)
    {
        var options = TestEngine.Options(Model());
        options.BatchSize = 8;
        (options.ContextSize, options.KvCacheType) = (ContextLength, KvCacheType.F32);
        using var engine = TestEngine.Open(options);
        var expected = (await engine.AskAsync("Hello")).Text;
        using var cancel = new CancellationTokenSource();
        var request = Request(engine, string.Concat(Enumerable.Repeat("Hello ", 1800)), 200, cancel.Token);
        engine.Loop.Submit(request);
        for (var i = 0; i < yields; i++)
        {
            await Task.Delay(1, Token);
        }

        await cancel.CancelAsync();
        engine.Loop.Stop(request);

        while (await request.Output.WaitAsync())
        {
            Assert.True(request.Output.TryRead(out _));
        }

        Assert.IsAssignableFrom<OperationCanceledException>(request.Output.Error);
        Assert.Equal(0, request.Output.Written);
        Assert.Equal(expected, (await engine.AskAsync("Hello")).Text);
    }

    [Fact]
    public async Task Cancel_WhileGenerating_StopsWithinOneToken()
    {
        using var engine = Open();
        for (var round = 0; round < 10; round++)
        {
            using var cancel = new CancellationTokenSource();
            var request = Request(engine, "Hello", 3000, cancel.Token);
            engine.Loop.Submit(request);
            for (var i = 0; i < 5 + round; i++)
            {
                Assert.True(await request.Output.WaitAsync());
                Assert.True(request.Output.TryRead(out _));
            }

            // No call of Stop: looking at the token once per decode must do.
            await cancel.CancelAsync();
            var written = request.Output.Written;

            while (await request.Output.WaitAsync())
            {
                Assert.True(request.Output.TryRead(out _));
            }

            Assert.IsAssignableFrom<OperationCanceledException>(request.Output.Error);
            Assert.InRange(request.Output.Written, written, written + 1);
        }
    }

    [Fact]
    public async Task Cancel_AStream_ThrowsAndFreesTheEngine()
    {
        using var engine = Open();
        using var cancel = new CancellationTokenSource();
        var seen = 0;

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in engine.Client().GetStreamingResponseAsync(TestEngine.User("Hello"), TestEngine.Greedy(maxTokens: 3000), cancel.Token))
            {
                if (++seen == 3)
                {
                    await cancel.CancelAsync();
                }
            }
        });

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(12, (await engine.AskAsync("Hello")).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Cancel_OneOfMany_LeavesTheOthersAlone()
    {
        using var engine = Open();
        var alone = (await engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 50))).Text;
        for (var round = 0; round < 10; round++)
        {
            using var cancel = new CancellationTokenSource();
            var wanted = Enumerable.Range(0, 3).Select(_ => engine.AskAsync("Hello", TestEngine.Greedy(maxTokens: 50))).ToArray();
            var unwanted = Enumerable.Range(0, 3)
                .Select(_ => engine.Client().GetResponseAsync(TestEngine.User("Hello"), TestEngine.Greedy(maxTokens: 50), cancel.Token)).ToArray();
            await wanted[round % 3];
            await cancel.CancelAsync();

            Assert.All(await Task.WhenAll(wanted), answer => Assert.Equal(alone, answer.Text));
            await Task.WhenAll(unwanted.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));
        }
    }

    [Fact]
    public async Task AbandonedStream_NextRequestDoesNotWaitForIt()
    {
        using var engine = Open();
        for (var round = 0; round < 10; round++)
        {
            var request = Request(engine, "Hello", 3000, Token);
            engine.Loop.Submit(request);
            Assert.True(await request.Output.WaitAsync());
            request.Abandon();
            engine.Loop.Stop(request);

            Assert.Equal(12, (await engine.AskAsync("Hello")).Usage!.OutputTokenCount);
            Assert.True(request.Output.Written < 3000);
        }

        await foreach (var _ in engine.StreamAsync("Hello", TestEngine.Greedy(maxTokens: 3000)))
        {
            break;
        }

        Assert.Equal(12, (await engine.AskAsync("Hello")).Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task AbandonedStreamInTheQueue_IsSkipped()
    {
        var options = TestEngine.Options(Model());
        options.MaxConcurrentRequests = 1;
        using var engine = TestEngine.Open(options);
        var running = Request(engine, "Hello", 300, Token);
        var queued = Request(engine, "Hello", 3000, Token);
        engine.Loop.Submit(running);
        engine.Loop.Submit(queued);
        queued.Abandon();
        engine.Loop.Stop(queued);

        Assert.False(await queued.Output.WaitAsync());
        Assert.Equal(12, (await engine.AskAsync("Hello")).Usage!.OutputTokenCount);
        Assert.Equal(300, running.Output.Written);
        Assert.Equal(0, queued.Output.Written);
    }

    private static string Model() =>
        TestModelCache.Get(new RandomModelOptions { Architecture = ModelArchitecture.Qwen3, ContextLength = ContextLength, IsEndless = true });

    private static SteeredLlamaEngine Open() => TestEngine.Open(Model());

    private static GenerationRequest Request(SteeredLlamaEngine engine, string text, int maxTokens, CancellationToken cancellationToken)
    {
        var prompt = engine.Template.Chat.Encode([new ChatTurn(ChatTurnRole.User, text)], addGenerationPrompt: true).Tokens;
        return new GenerationRequest
        {
            Prompt = prompt,
            PromptKinds = [.. prompt.Select(_ => RowKind.LastUserTurn)],
            Plan = engine.Compile(SteeringRequest.Empty),
            Sampling = new SamplerSettings { Temperature = 0 },
            MaxTokens = maxTokens,
            Stops = new StopMatcher([]),
            Output = new TokenStream(maxTokens),
            CancellationToken = cancellationToken,
        };
    }
}
