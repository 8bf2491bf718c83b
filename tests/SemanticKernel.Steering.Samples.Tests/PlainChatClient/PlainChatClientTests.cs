namespace SemanticKernel.Steering.Samples.Tests.PlainChatClient;

/// <summary>The sample without Semantic Kernel.</summary>
public sealed class PlainChatClientTests
{
    private const string Sample = "PlainChatClient";

    [Fact]
    public async Task Answers_AreUnderThePolicy()
    {
        // As on the first run.
        File.Delete(Path.Combine(Path.GetDirectoryName(SampleProcess.PathOf(Sample))!, "toxicity.safetensors"));

        var first = await RunAsync();
        var again = await RunAsync("How are you?", "family");
        var unsteered = await RunAsync("How are you?", "unsteered");
        var unknown = await RunAsync("How are you?", "unheard-of");

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains("Fitting 'toxicity'", first.Error, StringComparison.Ordinal);
        Assert.Single(first.OutputLines);
        Assert.Equal((0, string.Empty, first.Output), (again.ExitCode, again.Error, again.Output));
        Assert.Equal(0, unsteered.ExitCode);
        Assert.NotEqual(first.Output, unsteered.Output);
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("There is no policy 'unheard-of'", unknown.Error, StringComparison.Ordinal);
    }

    private static async Task<SampleRun> RunAsync(params string[] arguments)
    {
        using var process = SampleProcess.Start(Sample, arguments);
        return await process.FinishAsync();
    }
}
