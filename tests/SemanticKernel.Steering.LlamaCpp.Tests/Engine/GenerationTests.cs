using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class GenerationTests
{
    [Fact]
    public async Task Generate_MaxTokens_StopsWithLengthAndExactCount()
    {
        using var engine = TestEngine.OpenTinyChat();

        var answer = await engine.AskAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 5));

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(5, answer.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Generate_EndOfTurn_StopsAndCounts()
    {
        using var engine = TestEngine.OpenTinyChat();
        var prompt = engine.Template.Chat.Encode([new(ChatTurnRole.User, "What color is a plum?")], addGenerationPrompt: true);

        var answer = await engine.AskAsync("What color is a plum?", TestEngine.Greedy(maxTokens: 100));

        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(prompt.Tokens.Length, answer.Usage!.InputTokenCount);
        Assert.Equal(engine.Model.Vocabulary.Tokenize(answer.Text, false, false).Length, answer.Usage.OutputTokenCount);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
        Assert.DoesNotContain("<|im_end|>", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_NoMaxTokens_FillsTheContextAtMost()
    {
        var options = TestEngine.Options(TestModelCache.Get(ModelArchitecture.Qwen3));
        options.ContextSize = 60;
        using var engine = TestEngine.Open(options);

        var answer = await engine.AskAsync("Hello", new ChatOptions { Temperature = 0 });

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(60, answer.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Generate_Streaming_EqualsNonStreaming()
    {
        using var engine = TestEngine.OpenTinyChat();
        var whole = await engine.AskAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 40));

        var updates = await engine.StreamAsync("Tell me a story about a cow.", TestEngine.Greedy(maxTokens: 40)).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(whole.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(whole.FinishReason, updates[^1].FinishReason);
        Assert.Equal(whole.Usage!.OutputTokenCount, updates[^1].Contents.OfType<UsageContent>().Single().Details.OutputTokenCount);
        Assert.All(updates[..^1], update => Assert.Null(update.FinishReason));
        Assert.All(updates, update => Assert.Equal("TinyChat", update.ModelId));
        Assert.All(updates, update => Assert.Equal(ChatRole.Assistant, update.Role));
        Assert.Single(updates.Select(update => update.ResponseId).Distinct());
        Assert.True(updates.Count > 10);
    }

    [Fact]
    public async Task Generate_ModelIdOption_NamesTheModelInAnswers()
    {
        var options = TestEngine.Options(TinyChat.ModelPath);
        options.ModelId = "my-model";
        using var engine = TestEngine.Open(options);

        var answer = await engine.AskAsync("Hello", new ChatOptions { ModelId = "my-model", Temperature = 0, MaxOutputTokens = 3 });

        Assert.Equal("my-model", answer.ModelId);
        Assert.Equal("my-model", engine.ModelId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(512)]
    public async Task Generate_PromptOverSeveralBatches_SteersAndAnswersAlike(int batchSize)
    {
        var maps = TestMaps.Shift(TinyChat.ModelPath, "c", 0.1f);
        var options = TestEngine.Options(TinyChat.ModelPath, maps);
        (options.BatchSize, options.KvCacheType) = (batchSize, KvCacheType.F32);
        using var engine = TestEngine.Open(options);
        var plain = TestEngine.Options(TinyChat.ModelPath, maps);
        plain.KvCacheType = KvCacheType.F32;
        using var reference = TestEngine.Open(plain);

        var answer = await engine.AskAsync("What is the capital of Spain?", TestEngine.Greedy("c", 0.5));

        Assert.Equal((await reference.AskAsync("What is the capital of Spain?", TestEngine.Greedy("c", 0.5))).Text, answer.Text);
    }

    [Fact]
    public async Task Generate_Report_NamesStrengthsAndFingerprint()
    {
        using var engine = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "a", 0.1f), TestMaps.Shift(TinyChat.ModelPath, "b", 0.1f));

        var steered = Report(await engine.AskAsync("Hello", TestEngine.Greedy("b", 0.5)));
        var plain = Report(await engine.AskAsync("Hello", TestEngine.Greedy()));

        Assert.Equal(0.5, steered.Concepts["b"]);
        Assert.Equal(0, steered.Concepts["a"]);
        Assert.Null(steered.Policy);
        Assert.NotEqual(plain.Fingerprint, steered.Fingerprint);
        Assert.Equal(plain.Fingerprint, Report(await engine.AskAsync("Hi", TestEngine.Greedy("a", 0))).Fingerprint);
    }

    [Fact]
    public async Task Generate_Strength0_EqualsAnEngineWithoutConcepts()
    {
        using var steered = TestEngine.OpenTinyChat(TestMaps.Shift(TinyChat.ModelPath, "c", 1f));
        using var plain = TestEngine.OpenTinyChat();
        var options = TestEngine.Greedy("c", 0, maxTokens: 30);

        Assert.Equal(
            (await plain.AskAsync("Tell me a story.", TestEngine.Greedy(maxTokens: 30))).Text, (await steered.AskAsync("Tell me a story.", options)).Text);
    }

    private static SteeringReport Report(ChatResponse response) => (SteeringReport)response.AdditionalProperties![SteeringKeys.Report]!;
}
