using Microsoft.Extensions.AI;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat;

/// <summary>What a call may ask for, and what is refused by name.</summary>
public sealed class ChatRequestTests : IDisposable
{
    private readonly SteeredLlamaEngine _engine = TestEngine.Open(TestModelCache.Get(ModelArchitecture.Llama));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> UnsupportedOptions =>
        ["Tools", "ToolMode", "AllowMultipleToolCalls", "ResponseFormat", "ConversationId", "RawRepresentationFactory", "Reasoning", "ContinuationToken", "AllowBackgroundResponses", "ModelId"];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [MemberData(nameof(UnsupportedOptions))]
    public async Task Ask_UnsupportedOption_IsRefusedByName(string name)
    {
        var options = TestEngine.Greedy();
        switch (name)
        {
            case "Tools": options.Tools = [AIFunctionFactory.Create(() => 1, "one")]; break;
            case "ToolMode": options.ToolMode = ChatToolMode.RequireAny; break;
            case "AllowMultipleToolCalls": options.AllowMultipleToolCalls = false; break;
            case "ResponseFormat": options.ResponseFormat = ChatResponseFormat.Json; break;
            case "ConversationId": options.ConversationId = "x"; break;
            case "RawRepresentationFactory": options.RawRepresentationFactory = _ => null; break;
            case "Reasoning": options.Reasoning = new ReasoningOptions(); break;
            case "ContinuationToken": options.ContinuationToken = ResponseContinuationToken.FromBytes(new byte[1]); break;
            case "AllowBackgroundResponses": options.AllowBackgroundResponses = true; break;
            default: options.ModelId = "another"; break;
        }

        Assert.Contains(name, (await Assert.ThrowsAsync<NotSupportedException>(() => _engine.AskAsync("Hello", options))).Message, StringComparison.Ordinal);
        Assert.Contains(name, (await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await new SteeredLlamaTextGenerator(_engine).GenerateAsync("Hello", options, Token).ToListAsync(Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_HarmlessDefaultsOfOptions_AreAccepted()
    {
        var options = TestEngine.Greedy();
        (options.Tools, options.ToolMode, options.ResponseFormat, options.AllowBackgroundResponses) = ([], ChatToolMode.Auto, ChatResponseFormat.Text, false);
        options.ModelId = _engine.ModelId;

        Assert.NotEmpty((await _engine.AskAsync("Hello", options)).Messages);
    }

    public static TheoryData<AIContent> UnsupportedContents =>
    [
        new DataContent(new byte[4], "image/png"), new UriContent("https://example.org/a.png", "image/png"), new FunctionCallContent("1", "f"),
        new FunctionResultContent("1", "r"), new TextReasoningContent("hm"), new ErrorContent("e"),
    ];

    [Theory]
    [MemberData(nameof(UnsupportedContents))]
    public async Task Ask_UnsupportedContent_IsRefusedByItsType(AIContent content)
    {
        var error = await Assert.ThrowsAsync<NotSupportedException>(() =>
            _engine.Client().GetResponseAsync([new ChatMessage(ChatRole.User, [new TextContent("Look: "), content])], TestEngine.Greedy(), Token));

        Assert.Contains(content.GetType().Name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("developer")]
    [InlineData("user<|im_end|>")]
    public async Task Ask_UnsupportedRole_IsRefusedByName(string role)
    {
        var error = await Assert.ThrowsAsync<NotSupportedException>(() =>
            _engine.Client().GetResponseAsync([new(ChatRole.User, "Hello"), new(new ChatRole(role), "x")], TestEngine.Greedy(), Token));

        Assert.Contains($"'{role}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_NothingToAnswer_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _engine.Client().GetResponseAsync([], TestEngine.Greedy(), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _engine.Client().GetResponseAsync([new(ChatRole.System, "Be kind.")], TestEngine.Greedy(), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _engine.Client().GetResponseAsync([new(ChatRole.Assistant, "Hi")], TestEngine.Greedy(), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => _engine.Client().GetResponseAsync([], new ChatOptions { Instructions = "Be kind." }, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _engine.Client().GetResponseAsync((IEnumerable<ChatMessage>)null!, TestEngine.Greedy(), Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _engine.Client().GetResponseAsync([null!], TestEngine.Greedy(), Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Ask_NoTokensWanted_IsRefused(int maxTokens) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _engine.AskAsync("Hello", TestEngine.Greedy(maxTokens)));

    [Fact]
    public async Task Ask_EmptyStopSequence_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _engine.AskAsync("Hello", new ChatOptions { StopSequences = ["x", ""] }));

    [Fact]
    public async Task Ask_PromptLongerThanTheContext_NamesBothNumbers()
    {
        var text = string.Concat(Enumerable.Repeat("Hello ", 300));
        var tokens = _engine.Template.Chat.Encode([new(LlamaCpp.Chat.Templates.ChatTurnRole.User, text)], addGenerationPrompt: true).Tokens.Length;

        var error = await Assert.ThrowsAsync<ContextSizeException>(() => _engine.AskAsync(text));

        Assert.Equal((tokens, 256), (error.PromptTokens, error.ContextSize));
        Assert.Contains($"{tokens}", error.Message, StringComparison.Ordinal);
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Instructions_AreASystemMessage()
    {
        var withInstructions = TestEngine.Greedy();
        withInstructions.Instructions = "You are kind.";

        var byOption = await _engine.AskAsync("Hello", withInstructions);
        var byMessage = await _engine.Client().GetResponseAsync([new(ChatRole.System, "You are kind."), new(ChatRole.User, "Hello")], TestEngine.Greedy(), Token);

        Assert.Equal(byMessage.Text, byOption.Text);
        Assert.Equal(byMessage.Usage!.InputTokenCount, byOption.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Ask_ConversationWithOwnAnswers_IsAccepted()
    {
        List<ChatMessage> history = [new(ChatRole.User, "Hello")];
        history.AddMessages(await _engine.Client().GetResponseAsync(history, TestEngine.Greedy(), Token));
        history.Add(new(ChatRole.User, "What is it?"));

        Assert.NotNull((await _engine.Client().GetResponseAsync(history, TestEngine.Greedy(), Token)).Text);
    }

    [Fact]
    public void GetService_OnlyPublicFaces()
    {
        using var client = _engine.Client();

        Assert.Same(client, client.GetService(typeof(IChatClient)));
        Assert.Same(_engine, client.GetService(typeof(SteeredLlamaEngine)));
        Assert.Equal(_engine.ModelId, ((ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!).DefaultModelId);
        Assert.Null(client.GetService(typeof(IChatClient), "key"));
        Assert.Null(client.GetService(typeof(LlamaModel)));
        Assert.Null(client.GetService(typeof(string)));
    }
}
