using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>Runs the samples the way a user does.</summary>
internal static class SampleProcess
{
    /// <summary>How long a program may take, and how long a test waits for something it should say: far longer than either needs, for machines with much else to do.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Finds the program of a sample.</summary>
    internal static string PathOf(string sample) => typeof(SampleProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == sample).Value!;

    /// <summary>Starts a sample. The caller disposes the process.</summary>
    internal static Process Start(string sample, IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Types some input into a program and waits for its end.</summary>
    internal static async Task<SampleRun> FinishAsync(this Process process, string input = "")
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input.
        }

        await process.WaitAsync();
        return new SampleRun(process.ExitCode, await output, await error);
    }

    /// <summary>Waits for the end of a program, but not for ever.</summary>
    internal static async Task WaitAsync(this Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"{string.Join(' ', process.StartInfo.ArgumentList)} was still running after {Limit.TotalMinutes:0} minutes.");
        }
    }
}
