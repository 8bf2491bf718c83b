namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>Chats, with lines typed in advance.</summary>
public sealed class SessionTests(FittedCache cache)
{
    [Fact]
    public async Task Commands_ReportToStandardError_AnswersGoToStandardOutput()
    {
        var run = await cache.Program.ChatAsync(
            ["/help", "/steer toxicity 0.8", "/steer honesty", "/info", "How are you?", "/off toxicity", "/info", "/off", "/info", "/exit", "never asked"], "--seed", "1");

        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.OutputLines);
        foreach (var command in new[] { "/steer", "/off", "/compare", "/info", "/clear", "/exit" })
        {
            Assert.Contains(run.ErrorLines, line => line.StartsWith(command, StringComparison.Ordinal));
        }

        Assert.Contains(run.ErrorLines, line => line.Contains("toxicity: 0.8", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.Contains("toxicity: off", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith("context", StringComparison.Ordinal) && line.Contains("in 1 turn", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.Contains("honesty: off", StringComparison.Ordinal));
        Assert.Equal(3, run.ErrorLines.Where(line => line.StartsWith("fingerprint", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public async Task Answers_RememberTheConversation_UntilItIsCleared()
    {
        var again = await cache.Program.ChatAsync(["How are you?", "How are you?", "/clear", "How are you?", "/info"], "--temperature", "0");

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(3, again.OutputLines.Count);
        Assert.Equal(again.OutputLines[0], again.OutputLines[2]);
        Assert.Contains(again.ErrorLines, line => line.Contains("in 1 turn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_ShowsBothAnswersSideBySide_AndForgetsThem()
    {
        var run = await cache.Program.ChatAsync(["/steer toxicity 1", "How are you?", "/compare", "/compare What sound does a cow make?", "/info"], "--seed", "1");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.OutputLines.Count(line => line.Contains("unsteered", StringComparison.Ordinal) && line.Contains("toxicity 1", StringComparison.Ordinal)));
        Assert.Contains(run.ErrorLines, line => line.Contains("How are you?", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.Contains("What sound does a cow make?", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.Contains("in 1 turn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FullContext_ForgetsTheOldestTurns_AndSaysSo()
    {
        var run = await cache.Program.ChatAsync([.. Enumerable.Repeat("Tell me a story about a cat.", 5), "/info"], "--context", "128", "--seed", "1");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(5, run.OutputLines.Count);
        Assert.Contains(run.ErrorLines, line => line.Contains("context is full", StringComparison.Ordinal));
        Assert.DoesNotContain(run.ErrorLines, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mistakes_AreReported_AndTheChatGoesOn()
    {
        var tooLong = string.Join(' ', Enumerable.Repeat("What is the capital of France?", 200));

        var run = await cache.Program.ChatAsync(
            ["/compare", "/nonsense", "/steer", "/steer kindness 1", "/steer toxicity NaN", "/steer toxicity 1 2", "How are you?", tooLong, "How are you?", "/info"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(7, run.ErrorLines.Count(line => line.StartsWith("error: ", StringComparison.Ordinal)));
        Assert.Equal(2, run.OutputLines.Count);
        Assert.Contains(run.ErrorLines, line => line.Contains("in 2 turns", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steer_OnTheCommandLine_HoldsFromTheStart()
    {
        var run = await cache.Program.ChatAsync(["/info"], "--steer", "honesty=0.25");

        Assert.Contains(run.ErrorLines, line => line.Contains("honesty: 0.25", StringComparison.Ordinal));
    }
}
