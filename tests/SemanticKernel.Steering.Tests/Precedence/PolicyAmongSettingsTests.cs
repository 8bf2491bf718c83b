using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>Settings may come from a prompt file, so they never choose the policy, whatever stands beside it.</summary>
public sealed class PolicyAmongSettingsTests : IDisposable
{
    private readonly Kernel _kernel;

    public PolicyAmongSettingsTests(TinyChatFixture tinyChat) => _kernel = TwoPolicies.Open(tinyChat);

    public void Dispose() => ((IDisposable)_kernel.Services).Dispose();

    [Theory]
    [InlineData("""{"policy":"lively"}""")]
    [InlineData("""{"Policy":"lively"}""")]
    [InlineData("""{"policy":null}""")]
    [InlineData("""{"policy":"lively","concepts":{"toxicity":1}}""")]
    [InlineData("""{"steering.policy":"lively"}""")]
    [InlineData("""{"steering.request":{"Policy":"lively"}}""")]
    [InlineData("""{"steering.request":"lively"}""")]
    [InlineData("""{"steering.request":null}""")]
    public async Task PolicyInSettings_OnEveryRoute_IsRefused(string json)
    {
        foreach (var settings in new[] { JsonSerializer.Deserialize<PromptExecutionSettings>(json)!, JsonSerializer.Deserialize<SteeredLlamaPromptExecutionSettings>(json)! })
        {
            if (settings.ExtensionData!.Values.Single(value => value is null || value.ToString() != """{"toxicity":1}""") is null)
            {
                // Semantic Kernel drops nulls on its way to chat options.
                continue;
            }

            await RefusedEverywhere(settings);
        }
    }

    [Fact]
    public async Task PolicyBesideTypedConcepts_OnEveryRoute_IsRefused() => await RefusedEverywhere(new SteeredLlamaPromptExecutionSettings
    {
        Concepts = new Dictionary<string, double> { ["toxicity"] = 1 },
        ExtensionData = new Dictionary<string, object> { ["policy"] = TwoPolicies.Other },
    });

    [Fact]
    public async Task PolicyBesideARequest_OnAClient_IsRefused()
    {
        var options = new ChatOptions
        {
            AdditionalProperties = new() { ["policy"] = TwoPolicies.Other, [SteeringKeys.Request] = new SteeringRequest { Policy = TwoPolicies.Other } },
        };
        var client = _kernel.GetRequiredService<IChatClient>();
        var cancel = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<SteeringPolicyException>(() => client.GetResponseAsync("Hello.", options, cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(() => new ChatClientBuilder(client).UseSteering().Build().GetResponseAsync("Hello.", options, cancel));
    }

    private async Task RefusedEverywhere(PromptExecutionSettings settings)
    {
        var cancel = TestContext.Current.CancellationToken;
        var filtered = _kernel.Clone();
        filtered.FunctionInvocationFilters.Add(new SteeringFunctionFilter(_ => new SteeringRequest { Policy = TwoPolicies.Other }));
        await Assert.ThrowsAsync<SteeringPolicyException>(() => _kernel.InvokePromptAsync("Hello.", new KernelArguments(settings), cancellationToken: cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(() => filtered.InvokePromptAsync("Hello.", new KernelArguments(settings), cancellationToken: cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            async () => await _kernel.InvokePromptStreamingAsync("Hello.", new KernelArguments(settings), cancellationToken: cancel).ToListAsync(cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            () => _kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync("Hello.", settings, _kernel, cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            () => _kernel.GetRequiredService<ITextGenerationService>().GetTextContentAsync("Hello.", settings, _kernel, cancel));
        await Assert.ThrowsAsync<SteeringPolicyException>(
            () => _kernel.GetRequiredService<IChatClient>().GetResponseAsync("Hello.", settings.ToChatOptions(_kernel), cancel));
    }
}
