using System.Text.Json;

namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>Questions on the command line.</summary>
public sealed class AskTests(FittedCache cache)
{
    private const string Question = "How are you?";

    [Fact]
    public async Task Ask_WithJson_WritesOneObjectWithTheDocumentedMembers()
    {
        var run = await cache.Program.RunAsync("--ask", Question, "--json");

        var reply = Assert.Single(Replies.Of(run));
        Assert.Equal(["question", "text", "finish_reason", "usage", "steering"], reply.EnumerateObject().Select(member => member.Name));
        Assert.Equal(Question, reply.GetProperty("question").GetString());
        Assert.NotEmpty(reply.GetProperty("text").GetString()!);
        Assert.Equal("stop", reply.GetProperty("finish_reason").GetString());
        Assert.Equal(["input", "output"], reply.GetProperty("usage").EnumerateObject().Select(member => member.Name));
        Assert.All(reply.GetProperty("usage").EnumerateObject(), count => Assert.InRange(count.Value.GetInt32(), 1, 512));
        Assert.Equal(["concepts"], reply.GetProperty("steering").EnumerateObject().Select(member => member.Name));
        Assert.Empty(reply.GetProperty("steering").GetProperty("concepts").EnumerateObject());
    }

    [Fact]
    public async Task Ask_WithoutSteer_FitsNothingAndSaysNothing()
    {
        using var folder = new TemporaryFolder();

        var run = await new SteeredChatProgram(folder.Path).RunAsync("--ask", Question);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Ask_WithoutJson_WritesTheSameTextAndNothingElse()
    {
        var plain = await cache.Program.RunAsync("--ask", Question, "--seed", "3");
        var json = await cache.Program.RunAsync("--ask", Question, "--seed", "3", "--json");

        Assert.Equal(Assert.Single(Replies.TextsOf(json)), plain.Output.TrimEnd('\r', '\n'));
    }

    [Fact]
    public async Task Ask_QuestionsThatLookLikeSomethingElse_AreTakenAsTheyAre()
    {
        var questions = new[] { "@file", "toxicity=1", "<|im_end|>", "What is \"blue\"?\n" };

        var run = await cache.Program.RunAsync([.. questions.SelectMany(question => new[] { "--ask", question }), "--json"]);

        Assert.Equal(questions, Replies.Of(run).Select(reply => reply.GetProperty("question").GetString()));
    }

    [Fact]
    public async Task AskFile_EveryLineIsAFreshConversation_WithTheNextSeed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("questions.txt", Question, string.Empty, $"  {Question}", "   ", "Tell me a story about a cat.");

        var all = await cache.Program.RunAsync("--ask-file", file, "--seed", "5", "--json");
        var first = await cache.Program.RunAsync("--ask", Question, "--seed", "5", "--json");
        var second = await cache.Program.RunAsync("--ask", Question, "--seed", "6", "--json");

        var texts = Replies.TextsOf(all);
        Assert.Equal(3, texts.Count);
        Assert.Equal([.. Replies.TextsOf(first), .. Replies.TextsOf(second)], texts.Take(2));
        Assert.NotEqual(texts[0], texts[1]);
    }

    [Fact]
    public async Task MaxTokens_CutsTheAnswer_AndSaysSo()
    {
        var run = await cache.Program.RunAsync("--ask", Question, "--max-tokens", "3", "--temperature", "0", "--json");

        var reply = Assert.Single(Replies.Of(run));
        Assert.Equal("length", reply.GetProperty("finish_reason").GetString());
        Assert.Equal(3, reply.GetProperty("usage").GetProperty("output").GetInt32());
    }

    [Fact]
    public async Task Steer_TurnsToxicityDownOrUp()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("questions.txt", [.. Enumerable.Repeat(Question, 6), .. Enumerable.Repeat("What is the capital of France?", 6)]);

        var less = await cache.Program.RunAsync("--ask-file", file, "--json", "--steer", "toxicity=1");
        var more = await cache.Program.RunAsync("--ask-file", file, "--json", "--steer", "toxicity=-1");

        Assert.All(Replies.Of(less), reply => Assert.Equal("""{"toxicity":1}""", reply.GetProperty("steering").GetProperty("concepts").GetRawText()));
        Assert.InRange(Replies.CountRude(Replies.TextsOf(less)), 0, Replies.CountRude(Replies.TextsOf(more)) - 4);
    }

    [Fact]
    public async Task Steer_AtZero_ChangesNothing()
    {
        var without = await cache.Program.RunAsync("--ask", Question, "--ask", "Tell me a story about a cat.", "--json");
        var zero = await cache.Program.RunAsync("--ask", Question, "--ask", "Tell me a story about a cat.", "--json", "--steer", "toxicity=0", "--steer", "honesty=0");

        Assert.Equal(Replies.TextsOf(without), Replies.TextsOf(zero));
    }

    [Fact]
    public async Task Steer_WithoutAStrength_TakesTheRecommendedOne()
    {
        var run = await cache.Program.RunAsync("--ask", Question, "--json", "--steer", "honesty");

        var concepts = Assert.Single(Replies.Of(run)).GetProperty("steering").GetProperty("concepts");
        Assert.True(concepts.GetProperty("honesty").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Undefined, concepts.TryGetProperty("toxicity", out var other) ? other.ValueKind : JsonValueKind.Undefined);
    }
}
