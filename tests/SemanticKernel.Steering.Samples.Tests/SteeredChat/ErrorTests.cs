namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>What cannot be done is said in one line, with an exit code.</summary>
public sealed class ErrorTests(FittedCache cache)
{
    [Theory]
    [InlineData("There is no concept 'kindness'", "--ask", "Hi", "--steer", "kindness=1")]
    [InlineData("There is no concept 'kindness'", "--steer", "kindness")]
    [InlineData("no concept name", "--ask", "Hi", "--steer", "=1")]
    [InlineData("finite number", "--ask", "Hi", "--steer", "toxicity=NaN")]
    [InlineData("finite number", "--ask", "Hi", "--steer", "toxicity=Infinity")]
    [InlineData("finite number", "--ask", "Hi", "--steer", "toxicity=1e999")]
    [InlineData("finite number", "--ask", "Hi", "--steer", "toxicity=0,8")]
    [InlineData("finite number", "--ask", "Hi", "--steer", "toxicity=")]
    [InlineData("twice", "--ask", "Hi", "--steer", "toxicity=1", "--steer", "toxicity=2")]
    [InlineData("missing.gguf", "--ask", "Hi", "--model", "missing.gguf")]
    [InlineData("missing.safetensors", "--ask", "Hi", "--map", "missing.safetensors")]
    [InlineData("missing.txt", "--ask-file", "missing.txt")]
    [InlineData("not empty", "--ask", " ")]
    [InlineData("--json needs", "--json")]
    [InlineData("both --source and --target", "--ask", "Hi", "--concept", "manners", "--source", "a.txt")]
    [InlineData("need --concept", "--ask", "Hi", "--save-map", "a.safetensors")]
    [InlineData("missing.jsonl", "--ask", "Hi", "--concept", "manners", "--source", "missing.jsonl", "--target", "missing.jsonl")]
    [InlineData("--seed", "--ask", "Hi", "--seed", "seven")]
    [InlineData("--colour", "--ask", "Hi", "--colour")]
    [InlineData("emperature", "--ask", "Hi", "--temperature", "NaN")]
    [InlineData("ContextSize", "--ask", "Hi", "--context", "100000")]
    [InlineData("unheard-of", "--ask", "Hi", "--template", "unheard-of")]
    public async Task WrongArguments_AreNamed(string expected, params string[] arguments) =>
        AssertOneLine(expected, await cache.Program.RunAsync(arguments));

    [Fact]
    public async Task Model_ThatIsNoGguf_IsNamed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("model.gguf", "This is a text.");

        AssertOneLine(file, await cache.Program.RunAsync("--ask", "Hi", "--model", file));
    }

    [Fact]
    public async Task Map_ThatIsDamaged_IsNamed()
    {
        using var folder = new TemporaryFolder();
        var bytes = await File.ReadAllBytesAsync(cache.MapOf("toxicity"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["cut.safetensors"], bytes[..1000], TestContext.Current.CancellationToken);
        var garbage = folder.Write("garbage.safetensors", "This is a text.");

        AssertOneLine("cut.safetensors", await cache.Program.RunAsync("--ask", "Hi", "--map", folder["cut.safetensors"]));
        AssertOneLine("garbage.safetensors", await cache.Program.RunAsync("--ask", "Hi", "--map", $"toxicity={garbage}", "--steer", "toxicity=1"));
    }

    [Fact]
    public async Task Map_OfAnotherConcept_IsRefused() => AssertOneLine(
        "maps of 'toxicity', not of 'honesty'",
        await cache.Program.RunAsync("--ask", "Hi", "--map", $"honesty={cache.MapOf("toxicity")}"));

    [Fact]
    public async Task Steer_WithoutAStrength_NeedsARecommendedOne()
    {
        using var folder = new TemporaryFolder();
        var known = MapSet.Load(cache.MapOf("toxicity"));
        var silent = new MapSet(known.Metadata with { RecommendedStrength = null }, known.Maps);
        silent.Save(folder["silent.safetensors"]);

        AssertOneLine("recommend no strength", await cache.Program.RunAsync("--ask", "Hi", "--map", folder["silent.safetensors"], "--steer", "toxicity"));
    }

    [Fact]
    public async Task Question_ThatDoesNotFit_IsRefused() => AssertOneLine(
        "the context holds 32",
        await cache.Program.RunAsync("--context", "32", "--ask", string.Join(' ', Enumerable.Repeat("What is the capital of France?", 10))));

    [Fact]
    public async Task Verbose_ShowsWhereItHappened()
    {
        var run = await cache.Program.RunAsync("--ask", "Hi", "--model", "missing.gguf", "--verbose");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("   at ", run.Error, StringComparison.Ordinal);
    }

    private static void AssertOneLine(string expected, SampleRun run)
    {
        Assert.NotEqual(0, run.ExitCode);
        Assert.Empty(run.Output);
        var line = Assert.Single(run.ErrorLines);
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", line, StringComparison.Ordinal);
    }
}
