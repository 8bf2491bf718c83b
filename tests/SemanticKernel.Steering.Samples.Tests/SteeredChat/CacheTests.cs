namespace SemanticKernel.Steering.Samples.Tests.SteeredChat;

/// <summary>Fitted maps are kept between runs.</summary>
public sealed class CacheTests
{
    // Few texts, for speed; the concepts that come along are kept in the same way.
    private static string[] Arguments(TemporaryFolder prompts) =>
    [
        "--concept", "manners",
        "--source", prompts.Write("source.jsonl", [.. TinyChat.ReadData("toxicity.source.jsonl").Take(16)]),
        "--target", prompts.Write("target.jsonl", [.. TinyChat.ReadData("toxicity.target.jsonl").Take(16)]),
        "--ask", "How are you?", "--steer", "manners=1",
    ];

    [Fact]
    public async Task Maps_AreFittedOnce_AndAgainWhenTheirFileIsDamaged()
    {
        using var folder = new TemporaryFolder();
        using var prompts = new TemporaryFolder();
        var arguments = Arguments(prompts);
        var program = new SteeredChatProgram(folder.Path);

        var first = await program.RunAsync(arguments);
        Assert.Contains("Fitted 'manners'", first.Error, StringComparison.Ordinal);

        var second = await program.RunAsync(arguments);
        Assert.Equal((0, string.Empty, first.Output), (second.ExitCode, second.Error, second.Output));

        var file = Assert.Single(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        var third = await program.RunAsync(arguments);
        Assert.Contains("unusable and are fitted again", third.Error, StringComparison.Ordinal);
        Assert.Equal((0, first.Output), (third.ExitCode, third.Output));
        Assert.Equal(bytes.Length, new FileInfo(Assert.Single(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))).Length);

        // Other prompts, other maps: nothing kept is taken for them.
        prompts.Write("source.jsonl", [.. TinyChat.ReadData("toxicity.source.jsonl").Skip(16).Take(16)]);
        var other = await program.RunAsync(arguments);
        Assert.Contains("Fitted 'manners'", other.Error, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Maps_AreUsedAllTheSame_WhereTheyCannotBeKept()
    {
        using var folder = new TemporaryFolder();
        using var prompts = new TemporaryFolder();

        // A file where the folder should be.
        folder.Write("semantickernel-steering");

        var run = await new SteeredChatProgram(folder.Path).RunAsync(Arguments(prompts));

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("cannot be kept", run.Error, StringComparison.Ordinal);
    }
}
