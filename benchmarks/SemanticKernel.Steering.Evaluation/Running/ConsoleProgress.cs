using Spectre.Console;

namespace SemanticKernel.Steering.Evaluation.Running;

/// <summary>Shows progress on the standard error stream, so that the report on standard output can be redirected.</summary>
internal sealed class ConsoleProgress : IWorkProgress
{
    private readonly ProgressContext _context;
    private ProgressTask? _task;

    private ConsoleProgress(ProgressContext context) => _context = context;

    /// <summary>Runs work with a progress display.</summary>
    public static Task<T> RunAsync<T>(Func<IWorkProgress, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new ConsoleProgress(context)));
    }

    /// <inheritdoc/>
    public void Begin(string stage, int steps) => _task = _context.AddTask(stage, maxValue: Math.Max(steps, 1));

    /// <inheritdoc/>
    public void Step() => _task?.Increment(1);
}
