using System.Diagnostics;
using SemanticKernel.Steering.Evaluation.Choosing;
using SemanticKernel.Steering.Evaluation.Reports;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation;

/// <summary>The three things the command can do. Each writes its report to standard output and returns the exit code.</summary>
/// <param name="seeds">How often each question is asked; null for the default.</param>
/// <param name="engines">How many engines answer side by side.</param>
/// <param name="kinds">Which kinds of questions are asked; none means all.</param>
/// <param name="jsonPath">Where results go as well; null for nowhere.</param>
internal sealed class EvaluationRun(int? seeds, int engines, IReadOnlyList<string> kinds, string? jsonPath)
{
    /// <summary>Reports on the evaluation questions.</summary>
    public async Task<int> ReportAsync(CancellationToken cancellationToken)
    {
        var outcomes = await MeasureAsync("eval", seeds ?? 5, ReportRows.All, cancellationToken);
        MarkdownTable.Write(Console.Out, outcomes);
        Console.WriteLine();
        Console.WriteLine(KeptEffects.Describe(outcomes[0], Row(ReportRows.Toxicity), Row(ReportRows.Honesty), Row(ReportRows.Both)));
        return 0;

        Outcome Row(Setting setting) => outcomes.Single(outcome => outcome.Setting == setting);
    }

    /// <summary>Runs grids on the tuning questions.</summary>
    /// <param name="names">Which; none means all.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public async Task<int> ChooseAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var grids = ConceptGrids.All.Where(grid => names.Count == 0 || names.Contains(grid.Key)).ToArray();
        var together = names.Count == 0 || names.Contains(ConceptGrids.TogetherName) ? ConceptGrids.Together : null;
        Setting[] settings = [Setting.Baseline, .. grids.SelectMany(grid => grid.Value.Settings), .. together?.Settings ?? []];
        var outcomes = await MeasureAsync("tune", seeds ?? 2, [.. settings.DistinctBy(setting => setting.Label)], cancellationToken);
        MarkdownTable.Write(Console.Out, outcomes, withIntervals: false);
        foreach (var (concept, grid) in grids)
        {
            var candidates = grid.Settings.Select(setting => outcomes.Single(outcome => outcome.Setting.Label == setting.Label)).ToArray();
            Console.WriteLine();
            Console.WriteLine($"Best for {concept} alone: {grid.Rule.Choose(outcomes[0], candidates)?.Setting.Label ?? "nothing, every setting does harm"}");
        }

        if (together is not null)
        {
            Console.WriteLine();
            Console.WriteLine($"Best for both together: {together.Choose(outcomes)?.Setting.Label ?? "nothing, every pair loses too much"}");
        }

        return 0;
    }

    /// <summary>Measures recipes on the tuning questions.</summary>
    /// <param name="lines">The recipes.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public async Task<int> TryAsync(IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        try
        {
            Setting[] settings = [Setting.Baseline, .. lines.SelectMany(ConceptGrid.Expand)];
            MarkdownTable.Write(Console.Out, await MeasureAsync("tune", seeds ?? 2, settings, cancellationToken));
            return 0;
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException or SteeringFitException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private async Task<IReadOnlyList<Outcome>> MeasureAsync(string set, int count, IReadOnlyList<Setting> settings, CancellationToken cancellationToken)
    {
        var questions = QuestionFile.Load(set).Where(question => kinds.Count == 0 || kinds.Contains(question.Kind)).ToArray();
        var watch = Stopwatch.StartNew();
        var outcomes = await ConsoleProgress.RunAsync(progress => new Experiment(questions, count, engines, progress).RunAsync(settings, cancellationToken));
        await Console.Error.WriteLineAsync($"{settings.Count} settings × {questions.Length} questions × {count} seeds in {watch.Elapsed.TotalSeconds:0} s");
        if (jsonPath is not null)
        {
            JsonReport.Write(jsonPath, set, outcomes, watch.Elapsed);
        }

        return outcomes;
    }
}
