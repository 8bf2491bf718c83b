namespace SemanticKernel.Steering.Cli.Tests;

/// <summary>Runs commands in this process. The console is one per process, so that tests that use it must not run side by side.</summary>
internal static class Steer
{
    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var written = new StringWriter();
        using var complaints = new StringWriter();
        try
        {
            Console.SetOut(written);
            Console.SetError(complaints);
            return (await SteerCommand.Create().Parse(arguments).InvokeAsync(), written.ToString(), complaints.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
