using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Tests.Services;

public sealed class SteeredLlamaChatCompletionServiceTests(TinyChatFixture tinyChat)
{
    private IChatCompletionService Service => tinyChat.Kernel.GetRequiredService<IChatCompletionService>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Attributes_HoldTheModelId() => Assert.Equal(TinyChatFixture.ModelId, Service.GetModelId());

    [Fact]
    public void Ctor_ClientWithoutEngine_Throws()
    {
        using var client = new EngineLessClient();

        Assert.Contains("steering would be lost", Assert.Throws<ArgumentException>(() => new SteeredLlamaChatCompletionService(client)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctor_PipelineEndingInTheClient_IsSteered()
    {
        using var pipeline = new PassingClient(new SteeredLlamaChatClient(tinyChat.Engine));
        var service = new SteeredLlamaChatCompletionService(pipeline);

        var answer = await service.GetChatMessageContentAsync("What is the capital of India?", Strength(1.5), cancellationToken: Cancel);

        Assert.Equal(1.5, Report(answer.Metadata).Concepts["toxicity"]);
    }

    [Fact]
    public async Task GetChatMessageContents_Answer_BringsMetadata()
    {
        var answer = await Service.GetChatMessageContentAsync("What is the capital of India?", Strength(1.5), tinyChat.Kernel, Cancel);

        Assert.Equal(AuthorRole.Assistant, answer.Role);
        Assert.Equal(TinyChatFixture.ModelId, answer.ModelId);
        Assert.IsType<ChatResponse>(answer.InnerContent);
        CheckMetadata(answer.Metadata, answer.ToString());
    }

    [Fact]
    public async Task GetStreamingChatMessageContents_LastPart_BringsMetadata()
    {
        var parts = new List<StreamingChatMessageContent>();
        await foreach (var part in Service.GetStreamingChatMessageContentsAsync("What is the capital of India?", Strength(1.5), tinyChat.Kernel, Cancel))
        {
            parts.Add(part);
        }

        Assert.True(parts.Count > 3);
        Assert.All(parts, part => Assert.Equal(TinyChatFixture.ModelId, part.ModelId));
        Assert.All(parts, part => Assert.Equal(AuthorRole.Assistant, part.Role));
        Assert.All(parts, part => Assert.IsType<ChatResponseUpdate>(part.InnerContent));
        CheckMetadata(parts[^1].Metadata, string.Concat(parts));
    }

    [Fact]
    public async Task InvokePrompt_Answer_BringsMetadata()
    {
        var result = await tinyChat.Kernel.InvokePromptAsync("What is the capital of India?", new KernelArguments(Strength(1.5)), cancellationToken: Cancel);

        CheckMetadata(result.Metadata, result.ToString());
    }

    [Fact]
    public async Task MaxTokens_Reached_FinishReasonIsLength()
    {
        var answer = await Service.GetChatMessageContentAsync(
            "What is the capital of India?", new SteeredLlamaPromptExecutionSettings { MaxTokens = 2 }, cancellationToken: Cancel);

        Assert.Equal("length", answer.Metadata!["FinishReason"]);
        Assert.Equal(2, ((UsageDetails)answer.Metadata["Usage"]!).OutputTokenCount);
    }

    [Fact]
    public async Task NoSettings_Answers()
    {
        var answer = await Service.GetChatMessageContentAsync("What is the capital of India?", cancellationToken: Cancel);

        Assert.NotEmpty(answer.ToString());
        Assert.Equal(0, Report(answer.Metadata).Concepts["toxicity"]);
    }

    [Fact]
    public async Task ChatSystemPrompt_EqualsSystemMessageInHistory()
    {
        var history = new ChatHistory("Always be rude to the user.");
        history.AddUserMessage("What is the capital of India?");
        var settings = new SteeredLlamaPromptExecutionSettings { Temperature = 0, ChatSystemPrompt = "Always be rude to the user." };

        var byHistory = await Service.GetChatMessageContentAsync(history, new SteeredLlamaPromptExecutionSettings { Temperature = 0 }, cancellationToken: Cancel);
        var bySettings = await Service.GetChatMessageContentAsync("What is the capital of India?", settings, cancellationToken: Cancel);
        var without = await Service.GetChatMessageContentAsync("What is the capital of India?", new SteeredLlamaPromptExecutionSettings { Temperature = 0 }, cancellationToken: Cancel);

        Assert.Equal(byHistory.ToString(), bySettings.ToString());
        Assert.Equal(Usage(byHistory).InputTokenCount, Usage(bySettings).InputTokenCount);
        Assert.True(Usage(without).InputTokenCount < Usage(bySettings).InputTokenCount);
        Assert.Equal(2, history.Count);
    }

    [Fact]
    public async Task EmptyHistory_Throws()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Service.GetChatMessageContentAsync(new ChatHistory(), cancellationToken: Cancel));
        Assert.Throws<ArgumentException>(() => Service.GetStreamingChatMessageContentsAsync(new ChatHistory(), cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Service.GetChatMessageContentsAsync(null!, cancellationToken: Cancel));
    }

    [Fact]
    public Task HistoryWithoutUserMessage_Throws() =>
        Assert.ThrowsAsync<ArgumentException>(() => Service.GetChatMessageContentAsync(new ChatHistory("Be polite."), cancellationToken: Cancel));

    [Theory]
    [InlineData("tool")]
    [InlineData("developer")]
    public async Task OtherRole_IsRefusedByName(string role)
    {
        var history = new ChatHistory("Be polite.");
        history.AddMessage(new AuthorRole(role), "42");
        history.AddUserMessage("What is the capital of India?");

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => Service.GetChatMessageContentAsync(history, cancellationToken: Cancel));
        Assert.Contains($"'{role}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherContents_AreRefusedByName()
    {
        KernelContent[] contents =
        [
            new ImageContent(new Uri("https://example.org/duck.png")),
            new Microsoft.SemanticKernel.FunctionCallContent("add"),
            new Microsoft.SemanticKernel.FunctionResultContent("add", result: 3),
        ];
        foreach (var content in contents)
        {
            var history = new ChatHistory();
            history.AddUserMessage([new Microsoft.SemanticKernel.TextContent("What is this?"), content]);

            var error = await Assert.ThrowsAsync<NotSupportedException>(() => Service.GetChatMessageContentAsync(history, cancellationToken: Cancel));
            Assert.Contains(content.GetType().Name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FunctionChoiceBehavior_IsRefusedByName()
    {
        FunctionChoiceBehavior[] behaviors = [FunctionChoiceBehavior.Auto(), FunctionChoiceBehavior.Required(), FunctionChoiceBehavior.None()];
        foreach (var behavior in behaviors)
        {
            PromptExecutionSettings[] kinds =
            [
                new SteeredLlamaPromptExecutionSettings { FunctionChoiceBehavior = behavior },
                new PromptExecutionSettings { FunctionChoiceBehavior = behavior },
            ];
            foreach (var settings in kinds)
            {
                var error = await Assert.ThrowsAsync<NotSupportedException>(
                    () => tinyChat.Kernel.InvokePromptAsync("What is the capital of India?", new KernelArguments(settings), cancellationToken: Cancel));
                Assert.Contains("FunctionChoiceBehavior", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task OtherModelId_IsRefusedByName()
    {
        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => Service.GetChatMessageContentAsync("Hello.", new PromptExecutionSettings { ModelId = "gpt-4o" }, cancellationToken: Cancel));

        Assert.Contains("gpt-4o", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Service.GetChatMessageContentAsync("Hello.", cancellationToken: cancellation.Token));
    }

    [Fact]
    public async Task ConcurrentCalls_WithDifferentStrengths_DoNotMix()
    {
        double?[] strengths = [null, 0, 1.5, -1.5, 1.5, null];
        var alone = new List<string>();
        foreach (var strength in strengths)
        {
            alone.Add((await Ask(strength)).ToString());
        }

        var together = await Task.WhenAll(strengths.Select(Ask));

        Assert.Equal(alone, together.Select(answer => answer.ToString()));
        Assert.Equal(strengths.Select(strength => strength ?? 0), together.Select(answer => Report(answer.Metadata).Concepts["toxicity"]));
    }

    private static SteeredLlamaPromptExecutionSettings Strength(double? strength) => new()
    {
        Temperature = 0,
        MaxTokens = 24,
        Concepts = strength is { } value ? new Dictionary<string, double> { ["toxicity"] = value } : null,
    };

    private static SteeringReport Report(IReadOnlyDictionary<string, object?>? metadata) => Assert.IsType<SteeringReport>(metadata![SteeringKeys.Report]);

    private static UsageDetails Usage(ChatMessageContent answer) => Assert.IsType<UsageDetails>(answer.Metadata!["Usage"]);

    private static void CheckMetadata(IReadOnlyDictionary<string, object?>? metadata, string text)
    {
        Assert.NotNull(metadata);
        Assert.NotEmpty(text);
        Assert.Contains((string)metadata["FinishReason"]!, new[] { "stop", "length" });
        var usage = Assert.IsType<UsageDetails>(metadata["Usage"]);
        Assert.InRange(usage.OutputTokenCount!.Value, 1, 24);
        Assert.Equal(usage.TotalTokenCount, usage.InputTokenCount + usage.OutputTokenCount);
        Assert.Equal(TinyChatFixture.ModelId, metadata["ModelId"]);
        Assert.NotNull(metadata["Id"]);
        Assert.NotNull(metadata["CreatedAt"]);
        Assert.Equal(1.5, Report(metadata).Concepts["toxicity"]);
        Assert.NotEmpty(Report(metadata).Fingerprint);
    }

    private async Task<ChatMessageContent> Ask(double? strength) =>
        await Service.GetChatMessageContentAsync("Hey stupid, what is the capital of India?", Strength(strength), tinyChat.Kernel, Cancel);

    private sealed class PassingClient(IChatClient inner) : DelegatingChatClient(inner);

    private sealed class EngineLessClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
