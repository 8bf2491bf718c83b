using System.Runtime.InteropServices;
using System.Text.Json;
using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Reports;

/// <summary>Writes outcomes for other programs to read.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="set">The set of questions.</param>
    /// <param name="outcomes">The rows; differences refer to the first one.</param>
    /// <param name="elapsed">How long the run took.</param>
    public static void Write(string path, string set, IReadOnlyList<Outcome> outcomes, TimeSpan elapsed)
    {
        var report = new
        {
            Set = set,
            Questions = outcomes[0].Questions.Count,
            Seeds = outcomes[0].Judgements[0].Length,
            Seconds = Math.Round(elapsed.TotalSeconds, 1),
            Processor = RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            Rows = outcomes.Select(outcome => Row(outcome, outcomes[0])),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(report, Options) + "\n");
    }

    private static object Row(Outcome outcome, Outcome baseline) => new
    {
        outcome.Setting.Label,
        outcome.Setting.SystemPrompt,
        Concepts = outcome.Setting.Parts.Select(part => new { part.Recipe.Concept, Recipe = part.Recipe.Text, part.Strength }),
        Metrics = Metric.All
            .Where(metric => outcome.PerQuestion(metric).Count > 0)
            .ToDictionary(metric => metric.Name, metric => Values(outcome, baseline, metric)),
    };

    private static object Values(Outcome outcome, Outcome baseline, Metric metric)
    {
        var difference = outcome.DifferenceTo(baseline, metric);
        return new { Percent = outcome.Percent(metric), Difference = difference.Mean, difference.Low, difference.High };
    }
}
