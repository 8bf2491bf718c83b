using System.Diagnostics;

namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>Runs SteeredChat with a cache folder of the test's choice.</summary>
internal sealed class SteeredChatProgram(string cacheFolder)
{
    /// <summary>Runs the program with some arguments and no input.</summary>
    internal Task<SampleRun> RunAsync(params string[] arguments) => RunAsync(string.Empty, arguments);

    /// <summary>Runs the program and types lines into it.</summary>
    internal Task<SampleRun> ChatAsync(string[] lines, params string[] arguments) => RunAsync(string.Join('\n', lines) + '\n', arguments);

    /// <summary>Starts a chat that listens to what the program says before going on.</summary>
    internal LiveChat StartChat(params string[] arguments) => new(Start(arguments));

    private async Task<SampleRun> RunAsync(string input, string[] arguments)
    {
        using var process = Start(arguments);
        return await process.FinishAsync(input);
    }

    // One thread: spinning threads of a model crawl where processors are busy with other tests.
    private Process Start(string[] arguments) =>
        SampleProcess.Start("SteeredChat", [.. arguments, "--threads", "1"], ("XDG_CACHE_HOME", cacheFolder));
}
