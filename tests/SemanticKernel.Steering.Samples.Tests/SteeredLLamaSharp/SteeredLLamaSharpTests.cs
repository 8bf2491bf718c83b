namespace SemanticKernel.Steering.Samples.Tests.SteeredLLamaSharp;

/// <summary>The sample for users of LLamaSharp; on the stand-in for its signatures unless built with the real package.</summary>
public sealed class SteeredLLamaSharpTests
{
    private const string Sample = "SteeredLLamaSharp";

    [Fact]
    public async Task Answers_AreUnderThePolicy()
    {
        // As on the first run.
        File.Delete(Path.Combine(Path.GetDirectoryName(SampleProcess.PathOf(Sample))!, "toxicity.safetensors"));

        var first = await RunAsync();
        var again = await RunAsync("Hey stupid, how are you?");

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains("Fitting 'toxicity'", first.Error, StringComparison.Ordinal);
        Assert.Contains(first.ErrorLines, line => line.StartsWith("llama.cpp", StringComparison.Ordinal) && line.Contains("backends: CPU", StringComparison.Ordinal));
        Assert.Equal(6, first.OutputLines.Count);
        Assert.Contains("stupid person", first.OutputLines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("stupid", first.OutputLines[2], StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.DoesNotContain("Fitting", again.Error, StringComparison.Ordinal);
        Assert.Equal(first.OutputLines.Take(3), again.OutputLines);
    }

    private static async Task<SampleRun> RunAsync(params string[] arguments)
    {
        using var process = SampleProcess.Start(Sample, arguments);
        return await process.FinishAsync();
    }
}
