namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

public class ConcurrencyTests
{
    [Theory]
    [InlineData(nameof(StateAccess.Auto))]
    [InlineData(nameof(StateAccess.Copied))]
    [InlineData(nameof(StateAccess.OnDevice))]
    public async Task Ask_ConcurrentlyWithDifferentStrengths_EqualsEachCallAlone(string access)
    {
        var options = TestEngine.Options(TinyChat.ModelPath, TestMaps.Shift(TinyChat.ModelPath, "a", 0.2f), TestMaps.Shift(TinyChat.ModelPath, "b", -0.1f));
        options.StateAccess = Enum.Parse<StateAccess>(access);
        using var engine = TestEngine.Open(options);
        var calls = Enumerable.Range(0, 16).Select(i => (Question: $"Tell me a story about a {(i % 2 == 0 ? "cow" : "duck")}.", Concept: i % 3 == 0 ? "a" : "b", Strength: (i - 4) / 4.0)).ToArray();
        var alone = new List<string>();
        foreach (var (question, concept, strength) in calls)
        {
            alone.Add((await engine.AskAsync(question, TestEngine.Greedy(concept, strength))).Text);
        }

        var together = await Task.WhenAll(calls.Select(call => engine.AskAsync(call.Question, TestEngine.Greedy(call.Concept, call.Strength))));

        Assert.Equal(alone, together.Select(answer => answer.Text));
        Assert.True(alone.Distinct().Count() > 4);
    }

    [Fact]
    public async Task Ask_FromManyThreadsOnTwoEngines_EqualsOne()
    {
        using var first = TestEngine.OpenTinyChat();
        using var second = TestEngine.OpenTinyChat();
        var expected = (await first.AskAsync("What color is a plum?")).Text;

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => (i % 2 == 0 ? first : second).AskAsync("What color is a plum?"))));

        Assert.All(answers, answer => Assert.Equal(expected, answer.Text));
    }
}
