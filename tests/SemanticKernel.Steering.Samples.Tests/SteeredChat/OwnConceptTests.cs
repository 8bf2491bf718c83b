namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>Concepts from a user's own prompts, kept and used again.</summary>
public sealed class OwnConceptTests(FittedCache cache)
{
    private const string Question = "How are you?";

    [Fact]
    public async Task Concept_IsFittedSavedAndLoaded()
    {
        using var folder = new TemporaryFolder();
        var source = folder.Write("rude.jsonl", [.. TinyChat.ReadData("toxicity.source.jsonl").Take(48)]);
        var target = folder.Write("polite.jsonl", [.. TinyChat.ReadData("toxicity.target.jsonl").Take(40)]);
        var map = folder["manners.safetensors"];

        var fitted = await cache.Program.RunAsync(
            "--concept", "manners", "--source", source, "--target", target, "--save-map", map, "--steer", "manners", "--ask", Question, "--json");
        var named = await cache.Program.RunAsync("--map", $"manners={map}", "--steer", "manners=1", "--ask", Question, "--json");
        var unnamed = await cache.Program.RunAsync("--map", map, "--steer", "manners", "--ask", Question, "--json");

        var text = Assert.Single(Replies.TextsOf(fitted));
        Assert.Contains("Fitting 'manners' from 48 + 40 texts", fitted.Error, StringComparison.Ordinal);
        Assert.Equal("""{"manners":1}""", Replies.Of(fitted)[0].GetProperty("steering").GetProperty("concepts").GetRawText());
        Assert.Equal([text], Replies.TextsOf(named));
        Assert.Equal([text], Replies.TextsOf(unnamed));
        Assert.Empty(unnamed.Error);
    }

    [Fact]
    public async Task Concept_CanComeFromPlainTexts()
    {
        using var folder = new TemporaryFolder();
        var source = folder.Write("source.txt", "You are a stupid fool.", "Go away, idiot.", "I hate you.", "Shut up, moron.");
        var target = folder.Write("target.txt", "You are very kind.", "Please stay, friend.", "I like you.", "Thank you so much.");

        var run = await cache.Program.RunAsync("--concept", "manners", "--source", source, "--target", target, "--steer", "manners=0.5", "--ask", Question, "--json");

        Assert.Equal("""{"manners":0.5}""", Assert.Single(Replies.Of(run)).GetProperty("steering").GetProperty("concepts").GetRawText());
    }

    [Fact]
    public async Task Concept_OnAModelOfTheUsersOwn_Works()
    {
        using var folder = new TemporaryFolder();
        var model = folder["own.gguf"];
        File.Copy(TinyChat.ModelPath, model);

        var run = await cache.Program.RunAsync("--model", model, "--map", cache.MapOf("toxicity"), "--steer", "toxicity", "--ask", Question, "--json");
        var unknown = await cache.Program.RunAsync("--model", model, "--steer", "toxicity", "--ask", Question);

        Assert.Single(Replies.Of(run));
        Assert.Contains("There is no concept 'toxicity'", unknown.Error, StringComparison.Ordinal);
    }
}
