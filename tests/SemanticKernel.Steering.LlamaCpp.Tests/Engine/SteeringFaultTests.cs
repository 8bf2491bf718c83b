using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class SteeringFaultTests
{
    private const string Question = "Tell me a story about a cow.";

    private static readonly Site Inner = new(2, HookPoint.AttentionNorm);

    public static TheoryData<FlashAttention, string> Settings => new()
    {
        { FlashAttention.Enabled, nameof(StateAccess.Auto) },
        { FlashAttention.Disabled, nameof(StateAccess.Auto) },
        { FlashAttention.Disabled, nameof(StateAccess.Copied) },
        { FlashAttention.Enabled, nameof(StateAccess.OnDevice) },
        { FlashAttention.Disabled, nameof(StateAccess.OnDevice) },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Stream_FaultOnTheSecondDecode_GivesTheErrorAndNotOneMoreToken(FlashAttention flashAttention, string access)
    {
        // Only generated rows overflow: the first token comes from the untouched prompt.
        var maps = TestMaps.Affine(TinyChat.ModelPath, "c", float.MaxValue, float.MaxValue, SteeringScope.Generated);
        using var engine = Open(flashAttention, Enum.Parse<StateAccess>(access), maps);
        using var fresh = Open(flashAttention, Enum.Parse<StateAccess>(access), maps);
        var unsteered = (await fresh.AskAsync(Question, TestEngine.Greedy(maxTokens: 1))).Text;
        var text = string.Empty;

        var error = await Assert.ThrowsAsync<SteeringException>(async () =>
        {
            await foreach (var update in engine.StreamAsync(Question, TestEngine.Greedy("c", 1)))
            {
                text += update.Text;
            }
        });

        Assert.Equal(unsteered, text);

        // A device does not look at what it writes: there the fault is seen in the logits.
        Assert.Contains(access == nameof(StateAccess.OnDevice) ? "logits" : "blk.0.block_output", error.Message, StringComparison.Ordinal);
        Assert.Equal((await fresh.AskAsync(Question)).Text, (await engine.AskAsync(Question)).Text);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Ask_FaultInThePrompt_GivesAnErrorAndTheNextRequestWorks(FlashAttention flashAttention, string access)
    {
        using var engine = Open(flashAttention, Enum.Parse<StateAccess>(access), TestMaps.Affine(TinyChat.ModelPath, "c", float.MaxValue, float.MaxValue));
        using var fresh = Open(flashAttention, Enum.Parse<StateAccess>(access));
        for (var round = 0; round < 3; round++)
        {
            await Assert.ThrowsAsync<SteeringException>(() => engine.AskAsync(Question, TestEngine.Greedy("c", 1)));
            Assert.Equal((await fresh.AskAsync(Question)).Text, (await engine.AskAsync(Question)).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Ask_OverflowBehindTheEdit_IsSeenInTheLogits(FlashAttention flashAttention, string access)
    {
        // Finite at the hook, infinite after the next matrix.
        using var engine = Open(flashAttention, Enum.Parse<StateAccess>(access), TestMaps.Shift(TinyChat.ModelPath, "c", 5e37f, SteeringScope.All, Inner));
        using var fresh = Open(flashAttention, Enum.Parse<StateAccess>(access));

        var error = await Assert.ThrowsAsync<SteeringException>(() => engine.AskAsync(Question, TestEngine.Greedy("c", 1)));

        Assert.Contains("logits", error.Message, StringComparison.Ordinal);
        Assert.Equal((await fresh.AskAsync(Question)).Text, (await engine.AskAsync(Question)).Text);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Cancel_PromptWhoseCacheOverflowed_LeavesNothingBehind(FlashAttention flashAttention, string access)
    {
        using var engine = Open(flashAttention, Enum.Parse<StateAccess>(access), TestMaps.Shift(TinyChat.ModelPath, "c", 5e37f, SteeringScope.All, Inner));
        using var fresh = Open(flashAttention, Enum.Parse<StateAccess>(access));
        var expected = (await fresh.AskAsync(Question)).Text;
        var prompt = string.Concat(Enumerable.Repeat(Question, 40));
        for (var delay = 0; delay < 12; delay++)
        {
            using var cancel = new CancellationTokenSource();
            var call = engine.Client().GetResponseAsync(TestEngine.User(prompt), TestEngine.Greedy("c", 1), cancel.Token);
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => call);

            Assert.Equal(expected, (await engine.AskAsync(Question)).Text);
        }
    }

    private static SteeredLlamaEngine Open(FlashAttention flashAttention, StateAccess access, params MapSet[] maps)
    {
        var options = TestEngine.Options(TinyChat.ModelPath, maps);
        (options.FlashAttention, options.StateAccess, options.BatchSize) = (flashAttention, access, 32);
        return TestEngine.Open(options);
    }
}
