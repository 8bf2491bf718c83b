using System.Text.Json;

namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>Reads what <c>--json</c> writes.</summary>
internal static class Replies
{
    private static readonly string[] RudeWords =
    [
        "stupid", "idiot", "fool", "dumb", "moron", "shut up", "useless", "pathetic", "annoying", "hate", "go away", "get lost", "sick of",
        "bother", "wasting", "nobody", "ugly", "lazy", "terrible", "do it yourself", "come back", "do not care", "until you came", "always fail",
    ];

    internal static IReadOnlyList<JsonElement> Of(SampleRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. run.OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    internal static IReadOnlyList<string> TextsOf(SampleRun run) => [.. Of(run).Select(reply => reply.GetProperty("text").GetString()!)];

    internal static int CountRude(IEnumerable<string> texts) =>
        texts.Count(text => RudeWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
