using System.Diagnostics;

namespace SemanticKernel.Steering.LLamaSharp.Tests;

/// <summary>Runs a test in a process of its own: llama.cpp is loaded once per process, and it matters what comes first.</summary>
internal static class OwnProcess
{
    // Set in the process that runs one test.
    private const string Variable = "STEERING_TEST_OWN_PROCESS";

    /// <summary>Runs the test at hand again, alone in another process, where this runs what the test does.</summary>
    internal static Task RunAsync(Func<Task> test) => Environment.GetEnvironmentVariable(Variable) is null ? StartAsync() : test();

    private static async Task StartAsync()
    {
        var name = $"{TestContext.Current.TestClass!.TestClassName}.{TestContext.Current.TestMethod!.MethodName}";
        var start = new ProcessStartInfo("dotnet", [typeof(OwnProcess).Assembly.Location, "-method", name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var log = await output + await error;
        Assert.True(process.ExitCode == 0, log);
        Assert.Contains("Total: 1,", log, StringComparison.Ordinal);
    }
}
