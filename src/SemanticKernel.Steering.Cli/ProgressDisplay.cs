using Spectre.Console;

namespace SemanticKernel.Steering.Cli;

/// <summary>Shows on stderr how far long work has come.</summary>
internal static class ProgressDisplay
{
    internal static Task<T> ShowAsync<T>(Func<IProgress<FitProgress>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().StartAsync(async context =>
        {
            var task = context.AddTask("Starting");
            return await work(new Progress<FitProgress>(progress =>
            {
                task.Description = progress.Stage;
                task.MaxValue = Math.Max(progress.Total, 1);
                task.Value = progress.Done;
            }));
        });
    }
}
