using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SemanticKernel.Steering.Tests.Precedence;

namespace SemanticKernel.Steering.Tests.SteeringHandles;

public sealed class SteeringHandleTests : IDisposable
{
    private const string Question = "Hey stupid, what is the capital of India?";
    private const int MaxTokens = 200;

    /// <summary>How often a change may miss the middle of an answer because the engine was faster than the reader.</summary>
    private const int Attempts = 50;

    private readonly Kernel _kernel;
    private readonly IChatClient _client;

    public SteeringHandleTests(TinyChatFixture tinyChat)
    {
        _kernel = TwoPolicies.Open(tinyChat);
        _client = _kernel.GetRequiredService<IChatClient>();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => ((IDisposable)_kernel.Services).Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Change_AfterSomeTokens_KeepsThemAndChangesTheRest(int parts)
    {
        var plain = (await _client.GetResponseAsync(Question, Options(), Cancel)).Text;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (read, text, report) = await RunAsync(new SteeringHandle(), parts, handle => handle.Change(Toxicity(1.5)));

            Assert.StartsWith(read, plain, StringComparison.Ordinal);
            Assert.StartsWith(read, text, StringComparison.Ordinal);
            if (report.Concepts["toxicity"] == 1.5 && text != plain)
            {
                return;
            }
        }

        Assert.Fail("No change ever met a running answer.");
    }

    [Fact]
    public async Task Change_BeforeTheFirstToken_HoldsForTheWholeAnswer()
    {
        var steered = (await _client.GetResponseAsync(Question, Options(request: Toxicity(1.5)), Cancel)).Text;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var ahead = _client.GetResponseAsync("Tell me a long story.", Options(), Cancel);
            var handle = new SteeringHandle();
            var stream = _client.GetStreamingResponseAsync(Question, Options(handle), Cancel).GetAsyncEnumerator(Cancel);
            await using var closing = stream;
            var first = stream.MoveNextAsync();
            Assert.Equal(1.5, handle.Change(Toxicity(1.5)).Concepts["toxicity"]);
            var text = new StringBuilder();
            for (var more = await first; more; more = await stream.MoveNextAsync())
            {
                text.Append(stream.Current.Text);
            }

            await ahead;
            if (text.ToString() == steered)
            {
                return;
            }
        }

        Assert.Fail("No change ever met a waiting answer.");
    }

    [Fact]
    public async Task RefusedChange_LeavesTheAnswerAsItWas()
    {
        var plain = (await _client.GetResponseAsync(Question, Options(), Cancel)).Text;

        var (_, text, report) = await RunAsync(new SteeringHandle(), 1, handle =>
        {
            if (handle.IsRunning)
            {
                Assert.ThrowsAny<Exception>(() => handle.Change(Toxicity(2.5)));
                Assert.ThrowsAny<Exception>(() => handle.Change(Toxicity(double.NaN)));
                Assert.ThrowsAny<Exception>(() => handle.Change(new SteeringRequest { Policy = "none such" }));
            }
        });

        Assert.Equal(plain, text);
        Assert.Equal(0, report.Concepts["toxicity"]);
    }

    [Fact]
    public async Task RefusedChange_OfAWaitingAnswer_IsAPolicyErrorAndForgotten()
    {
        var handle = new SteeringHandle();
        var ahead = _client.GetResponseAsync("Tell me a long story.", Options(), Cancel);
        await using var stream = _client.GetStreamingResponseAsync(Question, Options(handle, Toxicity(0.5)), Cancel).GetAsyncEnumerator(Cancel);
        var first = stream.MoveNextAsync();

        Assert.Throws<SteeringPolicyException>(() => handle.Change(Toxicity(2.5)));
        Assert.True(handle.IsRunning);
        var changed = handle.Change(new SteeringRequest { Concepts = new Dictionary<string, double> { ["politeness"] = 0.75 } });

        Assert.Equal((0.5, 0.75), (changed.Concepts["toxicity"], changed.Concepts["politeness"]));
        Assert.Equal(TwoPolicies.Other, handle.Change(new SteeringRequest { Policy = TwoPolicies.Other }).Policy);
        await first;
        await ahead;
    }

    [Fact]
    public async Task Change_OutsideOfTheAnswer_IsRefused()
    {
        var handle = new SteeringHandle();
        Assert.Throws<InvalidOperationException>(() => handle.Change(Toxicity(1)));

        var stream = _client.GetStreamingResponseAsync(Question, Options(handle), Cancel);
        Assert.Throws<InvalidOperationException>(() => handle.Change(Toxicity(1)));
        await stream.ToListAsync(Cancel);

        Assert.False(handle.IsRunning);
        Assert.Throws<InvalidOperationException>(() => handle.Change(Toxicity(1)));
    }

    [Fact]
    public async Task Change_AfterTheLastTokenWasMade_IsRefusedThoughItsReaderIsSlow()
    {
        var (_, _, report) = await RunAsync(new SteeringHandle(), 1, handle =>
        {
            SpinWait.SpinUntil(() => !handle.IsRunning);
            Assert.Throws<InvalidOperationException>(() => handle.Change(Toxicity(1)));
        });

        Assert.Equal(0, report.Concepts["toxicity"]);
    }

    [Fact]
    public async Task AbandonedAnswer_EndsItsHandle()
    {
        var handle = new SteeringHandle();
        await foreach (var update in _client.GetStreamingResponseAsync(Question, Options(handle), Cancel))
        {
            break;
        }

        Assert.False(handle.IsRunning);
        Assert.Throws<InvalidOperationException>(() => handle.Change(Toxicity(1)));
    }

    [Fact]
    public async Task UsedHandle_IsRefused()
    {
        var handle = new SteeringHandle();
        await _client.GetResponseAsync(Question, Options(handle), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _client.GetResponseAsync(Question, Options(handle), Cancel));
    }

    [Fact]
    public async Task Handle_OfAnyOtherType_IsRefused()
    {
        var options = Options();
        options.AdditionalProperties![SteeringKeys.Handle] = "slider";

        await Assert.ThrowsAsync<ArgumentException>(() => _client.GetResponseAsync(Question, options, Cancel));
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("typed settings")]
    [InlineData("settings")]
    [InlineData("prompt")]
    public async Task Handle_ThroughSemanticKernel_ReachesTheAnswer(string place)
    {
        var handle = new SteeringHandle();
        var kernel = _kernel.Clone();
        PromptExecutionSettings settings = place == "settings" ? new() : new SteeredLlamaPromptExecutionSettings { Temperature = 0 };
        if (place == "kernel")
        {
            kernel.Data[SteeringKeys.Handle] = handle;
        }
        else
        {
            settings.ExtensionData = new Dictionary<string, object> { [SteeringKeys.Handle] = handle };
        }

        var parts = place == "prompt"
            ? kernel.InvokePromptStreamingAsync<StreamingChatMessageContent>(Question, new KernelArguments(settings), cancellationToken: Cancel)
            : kernel.GetRequiredService<IChatCompletionService>().GetStreamingChatMessageContentsAsync(Question, settings, kernel, Cancel);
        var ahead = _client.GetResponseAsync("Tell me a long story.", Options(), Cancel);
        await using var stream = parts.GetAsyncEnumerator(Cancel);
        var first = stream.MoveNextAsync();
        SpinWait.SpinUntil(() => handle.IsRunning || first.IsCompleted);
        handle.Change(Toxicity(1.5));
        object? report = null;
        for (var more = await first; more; more = await stream.MoveNextAsync())
        {
            report = stream.Current.Metadata!.GetValueOrDefault(SteeringKeys.Report) ?? report;
        }

        await ahead;
        Assert.Equal(1.5, Assert.IsType<SteeringReport>(report).Concepts["toxicity"]);
    }

    private static SteeringRequest Toxicity(double strength) => new() { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } };

    private static ChatOptions Options(SteeringHandle? handle = null, SteeringRequest? request = null)
    {
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = MaxTokens, AdditionalProperties = [] };
        if (handle is not null)
        {
            options.AdditionalProperties[SteeringKeys.Handle] = handle;
        }

        if (request is not null)
        {
            options.AdditionalProperties[SteeringKeys.Request] = request;
        }

        return options;
    }

    private async Task<(string Read, string Text, SteeringReport Report)> RunAsync(SteeringHandle handle, int parts, Action<SteeringHandle> move)
    {
        var text = new StringBuilder();
        var read = string.Empty;
        object? report = null;
        await foreach (var update in _client.GetStreamingResponseAsync(Question, Options(handle), Cancel))
        {
            text.Append(update.Text);
            report = update.AdditionalProperties?.GetValueOrDefault(SteeringKeys.Report) ?? report;
            if (--parts == 0)
            {
                read = text.ToString();
                try
                {
                    move(handle);
                }
                catch (InvalidOperationException) when (!handle.IsRunning)
                {
                    // The engine was faster.
                }
            }
        }

        return (read, text.ToString(), Assert.IsType<SteeringReport>(report));
    }
}
