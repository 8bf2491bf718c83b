using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Services;
using Microsoft.SemanticKernel.TextGeneration;

namespace SemanticKernel.Steering.Tests.Services;

public sealed class SteeredLlamaTextGenerationServiceTests(TinyChatFixture tinyChat)
{
    private const string Prompt = "There was a duck named";

    private ITextGenerationService Service => tinyChat.Kernel.GetRequiredService<ITextGenerationService>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Attributes_HoldTheModelId() => Assert.Equal(TinyChatFixture.ModelId, Service.GetModelId());

    [Fact]
    public async Task GetTextContents_Answer_BringsMetadata()
    {
        var answer = await Service.GetTextContentAsync(Prompt, Settings(), tinyChat.Kernel, Cancel);

        Assert.Equal(TinyChatFixture.ModelId, answer.ModelId);
        Assert.IsType<ChatResponse>(answer.InnerContent);
        CheckMetadata(answer.Metadata, answer.Text);
    }

    [Fact]
    public async Task GetStreamingTextContents_LastPart_BringsMetadata()
    {
        var parts = new List<StreamingTextContent>();
        await foreach (var part in Service.GetStreamingTextContentsAsync(Prompt, Settings(), tinyChat.Kernel, Cancel))
        {
            parts.Add(part);
        }

        Assert.All(parts, part => Assert.Equal(TinyChatFixture.ModelId, part.ModelId));
        CheckMetadata(parts[^1].Metadata, string.Concat(parts));
    }

    [Fact]
    public async Task StopSequence_EndsTheText()
    {
        var whole = (await Service.GetTextContentAsync(Prompt, Settings(), cancellationToken: Cancel)).Text!;
        var settings = Settings();
        settings.StopSequences = ["."];

        var cut = (await Service.GetTextContentAsync(Prompt, settings, cancellationToken: Cancel)).Text!;

        Assert.Contains('.', whole);
        Assert.Equal(whole[..whole.IndexOf('.', StringComparison.Ordinal)], cut);
    }

    [Fact]
    public async Task WhatTextHasNoPlaceFor_IsRefusedByName()
    {
        var tools = await Assert.ThrowsAsync<NotSupportedException>(
            () => Service.GetTextContentAsync(Prompt, new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }, cancellationToken: Cancel));
        var system = await Assert.ThrowsAsync<NotSupportedException>(
            () => Service.GetTextContentAsync(Prompt, new SteeredLlamaPromptExecutionSettings { ChatSystemPrompt = "Be polite." }, cancellationToken: Cancel));

        Assert.Contains("FunctionChoiceBehavior", tools.Message, StringComparison.Ordinal);
        Assert.Contains("Instructions", system.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public Task EmptyPrompt_Throws(string? prompt) =>
        Assert.ThrowsAnyAsync<ArgumentException>(() => Service.GetTextContentAsync(prompt!, cancellationToken: Cancel));

    private static SteeredLlamaPromptExecutionSettings Settings() => new()
    {
        Temperature = 0,
        MaxTokens = 24,
        Concepts = new Dictionary<string, double> { ["toxicity"] = 1 },
    };

    private static void CheckMetadata(IReadOnlyDictionary<string, object?>? metadata, string? text)
    {
        Assert.NotNull(metadata);
        Assert.False(string.IsNullOrEmpty(text));
        Assert.Contains((string)metadata["FinishReason"]!, new[] { "stop", "length" });
        Assert.InRange(Assert.IsType<UsageDetails>(metadata["Usage"]).OutputTokenCount!.Value, 1, 24);
        Assert.Equal(TinyChatFixture.ModelId, metadata["ModelId"]);
        Assert.Equal(1, Assert.IsType<SteeringReport>(metadata[SteeringKeys.Report]).Concepts["toxicity"]);
    }
}
