using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.TextGeneration;

namespace SemanticKernel.Steering.Tests.Settings;

/// <summary>Whose cached computation a call may use, told from how many tokens it found computed.</summary>
public class CacheScopeTests(TinyChatFixture tinyChat)
{
    private static int s_count;

    // Long enough to be worth sharing, and no other test's.
    private readonly string _question = string.Join(' ', Enumerable.Repeat($"Tell me story number {Interlocked.Increment(ref s_count)} about a cow that lives in a big green field.", 8));

    public static TheoryData<string> Ways => ["prompt", "chat", "text"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ask_TwoTenantsInKernelData_ShareNoTokens(string way)
    {
        await AskAsync(way, "first");
        await AskAsync(way, "first");
        Assert.True(Shared > 0);

        await AskAsync(way, "second");

        Assert.Equal(0, Shared);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Ask_OtherScopeInSettings_StaysInTheKernels(string way)
    {
        await AskAsync(way, "first");

        await AskAsync(way, "second", settings: "first");
        Assert.Equal(0, Shared);

        await AskAsync(way, "second", settings: "third");
        Assert.True(Shared > 0);
    }

    [Fact]
    public async Task Ask_ScopeInSettingsOnly_IsTheCalls()
    {
        await AskAsync("chat", null, settings: "first");
        await AskAsync("chat", "first");
        Assert.True(Shared > 0);

        await AskAsync("chat", null);

        Assert.Equal(0, Shared);
    }

    private int Shared => tinyChat.Engine.Loop.LastSharedTokens;

    private Task AskAsync(string way, string? scope, string? settings = null)
    {
        var kernel = tinyChat.Kernel.Clone();
        if (scope is not null)
        {
            kernel.Data[SteeringKeys.CacheScope] = scope;
        }

        var asked = new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { ["max_tokens"] = 1 } };
        if (settings is not null)
        {
            asked.ExtensionData[SteeringKeys.CacheScope] = settings;
        }

        return way switch
        {
            "prompt" => kernel.InvokePromptAsync(_question, new KernelArguments(asked)),
            "chat" => kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(_question, asked, kernel),
            _ => kernel.GetRequiredService<ITextGenerationService>().GetTextContentAsync(_question, asked, kernel),
        };
    }
}
