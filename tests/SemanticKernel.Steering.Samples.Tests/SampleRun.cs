namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>What a program did.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Error)
{
    internal IReadOnlyList<string> OutputLines => Lines(Output);

    internal IReadOnlyList<string> ErrorLines => Lines(Error);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
