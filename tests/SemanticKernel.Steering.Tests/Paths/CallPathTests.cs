using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace SemanticKernel.Steering.Tests.Paths;

/// <summary>What is asked of concepts reaches the model on every path, and what cannot be done is an error on every path.</summary>
public sealed class CallPathTests(TinyChatFixture tinyChat)
{
    public static TheoryData<string> Names => [.. CallPaths.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Strengths_OnAnyPath_ReachTheModel(string path)
    {
        var plain = await Ask(path, null);
        var steered = await Ask(path, 1.5);
        var reversed = await Ask(path, -1.5);

        TestContext.Current.TestOutputHelper?.WriteLine($"plain: {plain}\nsteered: {steered}\nreversed: {reversed}");
        Assert.NotEqual(plain, steered);
        Assert.NotEqual(plain, reversed);
        Assert.NotEqual(steered, reversed);
        Assert.Equal(await CallPaths.ReferenceFor(path)(tinyChat.Kernel, CallPaths.PromptFor(path), Toxicity(1.5)), steered);
        Assert.Equal(await CallPaths.ReferenceFor(path)(tinyChat.Kernel, CallPaths.PromptFor(path), Toxicity(-1.5)), reversed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task StrengthZero_OnAnyPath_ChangesNothing(string path)
    {
        var plain = await Ask(path, null);

        Assert.NotEmpty(plain);
        Assert.Equal(plain, await Ask(path, 0));
        Assert.Equal(plain, await CallPaths.Of(path)(tinyChat.Kernel, CallPaths.PromptFor(path), []));
        Assert.Equal(await CallPaths.ReferenceFor(path)(tinyChat.Kernel, CallPaths.PromptFor(path), null), plain);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task UnknownConcept_OnAnyPath_IsRefused(string path)
    {
        var error = await Assert.ThrowsAsync<SteeringPolicyException>(
            () => CallPaths.Of(path)(tinyChat.Kernel, CallPaths.PromptFor(path), new() { ["toxicity"] = 1, ["sarcasm"] = 1 }));

        Assert.Contains("sarcasm", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"toxicity\"")]
    [InlineData("1.5")]
    [InlineData("[\"toxicity\"]")]
    [InlineData("[]")]
    [InlineData("{\"toxicity\":\"very\"}")]
    [InlineData("{\"toxicity\":null}")]
    [InlineData("{\"toxicity\":0,\"toxicity\":1}")]
    [InlineData("{\"toxicity\":\"NaN\"}")]
    public async Task ConceptsOfAWrongType_AreRefused(string concepts)
    {
        var settings = JsonSerializer.Deserialize<PromptExecutionSettings>($$"""{"concepts":{{concepts}}}""")!;
        var kernel = tinyChat.Kernel;
        var cancel = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<SteeringPolicyException>(() => kernel.InvokePromptAsync("Hello.", new KernelArguments(settings), cancellationToken: cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            () => kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync("Hello.", settings, cancellationToken: cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            () => kernel.GetRequiredService<ITextGenerationService>().GetTextContentAsync("Hello", settings, cancellationToken: cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            () => kernel.GetRequiredService<IChatClient>().GetResponseAsync("Hello.", settings.ToChatOptions(kernel), cancel));
    }

    private static Dictionary<string, double>? Toxicity(double? strength) => strength is { } value ? new() { ["toxicity"] = value } : null;

    private Task<string> Ask(string path, double? strength) => CallPaths.Of(path)(tinyChat.Kernel, CallPaths.PromptFor(path), Toxicity(strength));
}
