using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class StopSequenceTests
{
    private const string Question = "Tell me a story about a cow.";

    [Fact]
    public async Task Generate_StopSequencesAnywhere_EndTheTextBeforeThemAndNeverLeak()
    {
        using var engine = TestEngine.OpenTinyChat();
        var whole = (await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 30))).Text;
        Assert.True(whole.Length > 40, whole);
        for (var start = 0; start < whole.Length - 8; start += 5)
        {
            var stop = whole.Substring(start, 3 + (start % 6));
            var options = TestEngine.Greedy(maxTokens: 30);
            options.StopSequences = ["never seen", stop];
            var expected = whole[..whole.IndexOf(stop, StringComparison.Ordinal)];

            var text = string.Empty;
            ChatResponseUpdate? last = null;
            await foreach (var update in engine.StreamAsync(Question, options))
            {
                text += update.Text;
                last = update;
                Assert.StartsWith(text, expected, StringComparison.Ordinal);
            }

            Assert.Equal(expected, text);
            Assert.Equal(ChatFinishReason.Stop, last!.FinishReason);
        }
    }

    [Fact]
    public async Task Generate_PartialMatchAtTheEnd_IsGivenOut()
    {
        using var engine = TestEngine.OpenTinyChat();
        var whole = (await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 10))).Text;
        var options = TestEngine.Greedy(maxTokens: 10);
        options.StopSequences = [whole[^4..] + "and more"];

        Assert.Equal(whole, (await engine.AskAsync(Question, options)).Text);
    }

    [Fact]
    public async Task Generate_StopSequence_SavesTheRestOfTheWork()
    {
        using var engine = TestEngine.OpenTinyChat();
        var whole = (await engine.AskAsync(Question, TestEngine.Greedy(maxTokens: 30))).Text;
        var options = TestEngine.Greedy(maxTokens: 30);
        options.StopSequences = [whole[..6]];

        var answer = await engine.AskAsync(Question, options);

        Assert.Empty(answer.Text);
        Assert.True(answer.Usage!.OutputTokenCount < 10);
    }
}
