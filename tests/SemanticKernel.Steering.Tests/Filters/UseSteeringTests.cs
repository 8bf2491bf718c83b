using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SemanticKernel.Steering.Tests.Precedence;

namespace SemanticKernel.Steering.Tests.Filters;

public sealed class UseSteeringTests : IDisposable
{
    private readonly Kernel _kernel;
    private readonly IChatClient _client;

    public UseSteeringTests(TinyChatFixture tinyChat)
    {
        _kernel = TwoPolicies.Open(tinyChat);
        _client = _kernel.GetRequiredService<IChatClient>();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => ((IDisposable)_kernel.Services).Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callback_SeesMessagesAndOptions(bool streaming)
    {
        var client = new ChatClientBuilder(_client)
            .UseSteering((messages, options) => messages.Any(message => message.Text.Contains("child", StringComparison.Ordinal)) && options?.MaxOutputTokens == 1
                ? new SteeringRequest { Policy = TwoPolicies.Other, Concepts = FilteredKernel.Toxicity(1).Concepts }
                : null)
            .Build();

        var steered = await Ask(client, Once(new ChatMessage(ChatRole.User, "I am a child.")), new ChatOptions { MaxOutputTokens = 1 }, streaming);
        var plain = await Ask(client, [new ChatMessage(ChatRole.User, "Hello.")], new ChatOptions { MaxOutputTokens = 1 }, streaming);

        Assert.Equal((TwoPolicies.Other, 1d), (steered.Policy, steered.Concepts["toxicity"]));
        Assert.Equal((TwoPolicies.Default, 0d), (plain.Policy, plain.Concepts["toxicity"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OptionsOfTheCaller_AreNotChanged(bool streaming)
    {
        var request = FilteredKernel.Toxicity(0.5);
        var options = new ChatOptions { MaxOutputTokens = 1, AdditionalProperties = new() { [SteeringKeys.Request] = request } };
        var bare = new ChatOptions { MaxOutputTokens = 1 };
        var client = new ChatClientBuilder(_client).UseSteering((_, _) => FilteredKernel.Toxicity(1)).Build();
        ChatMessage[] messages = [new(ChatRole.User, "Hello.")];

        Assert.Equal(1, (await Ask(client, messages, options, streaming)).Concepts["toxicity"]);
        Assert.Equal(1, (await Ask(client, messages, bare, streaming)).Concepts["toxicity"]);

        Assert.Same(request, Assert.Single(options.AdditionalProperties).Value);
        Assert.Null(bare.AdditionalProperties);
    }

    [Fact]
    public async Task NoOptionsAtAll_AreSteered()
    {
        var client = new ChatClientBuilder(_client).UseSteering((_, _) => FilteredKernel.Toxicity(1)).Build();

        var response = await client.GetResponseAsync("Hello.", cancellationToken: Cancel);

        Assert.Equal(1, ((SteeringReport)response.AdditionalProperties![SteeringKeys.Report]!).Concepts["toxicity"]);
    }

    [Fact]
    public async Task TwoOfThem_TheInnerWins()
    {
        var client = new ChatClientBuilder(_client)
            .UseSteering((_, _) => new SteeringRequest { Concepts = new Dictionary<string, double> { ["toxicity"] = 0.5, ["politeness"] = 0.75 } })
            .UseSteering((_, _) => FilteredKernel.Toxicity(1))
            .Build();

        var report = await Ask(client, [new ChatMessage(ChatRole.User, "Hello.")], new ChatOptions { MaxOutputTokens = 1 }, streaming: false);

        Assert.Equal((1, 0.75), (report.Concepts["toxicity"], report.Concepts["politeness"]));
    }

    [Fact]
    public async Task ThrowingCallback_LeavesNoAnswer()
    {
        var client = new ChatClientBuilder(_client).UseSteering((_, _) => throw new TimeoutException()).Build();

        await Assert.ThrowsAsync<TimeoutException>(() => client.GetResponseAsync("Hello.", cancellationToken: Cancel));
        await Assert.ThrowsAsync<TimeoutException>(async () => await client.GetStreamingResponseAsync("Hello.", cancellationToken: Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task ForgedFingerprint_IsOverwrittenOrRefused()
    {
        var options = new ChatOptions { MaxOutputTokens = 1, AdditionalProperties = new() { [SteeringKeys.Fingerprint] = "forged" } };
        ChatMessage[] messages = [new(ChatRole.User, "Hello.")];

        Assert.NotNull(await Ask(new ChatClientBuilder(_client).UseSteering().Build(), messages, options, streaming: false));
        await Assert.ThrowsAsync<SteeringPolicyException>(() => Ask(_client, messages, options, streaming: false));
    }

    [Fact]
    public void PipelineWithoutASteeredModel_IsRefusedWhenBuilt()
    {
        using var other = new ScriptedToolClient();

        Assert.Throws<InvalidOperationException>(() => new ChatClientBuilder(other).UseSteering().Build());
        Assert.Throws<ArgumentNullException>(() => SteeringChatClientBuilderExtensions.UseSteering(null!));
    }

    private static IEnumerable<ChatMessage> Once(ChatMessage message)
    {
        yield return message;
    }

    private static async Task<SteeringReport> Ask(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions options, bool streaming)
    {
        if (!streaming)
        {
            return Assert.IsType<SteeringReport>((await client.GetResponseAsync(messages, options, Cancel)).AdditionalProperties![SteeringKeys.Report]);
        }

        var updates = await client.GetStreamingResponseAsync(messages, options, Cancel).ToListAsync(Cancel);
        return Assert.IsType<SteeringReport>(updates[^1].AdditionalProperties![SteeringKeys.Report]);
    }
}
