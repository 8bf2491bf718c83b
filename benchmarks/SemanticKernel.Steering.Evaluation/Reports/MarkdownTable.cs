using System.Globalization;
using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Reports;

/// <summary>Writes outcomes as a Markdown table: shares in percent, below them the paired difference to the first row with its 95 % interval.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="outcomes">The rows; differences refer to the first one.</param>
    /// <param name="withIntervals">Whether differences have intervals.</param>
    public static void Write(TextWriter writer, IReadOnlyList<Outcome> outcomes, bool withIntervals = true)
    {
        writer.WriteLine($"| | {string.Join(" | ", Metric.All.Select(metric => $"{metric.Name} %"))} |");
        writer.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", Metric.All.Count))}");
        foreach (var outcome in outcomes)
        {
            var baseline = withIntervals && outcome != outcomes[0] ? outcomes[0] : null;
            writer.WriteLine($"| {outcome.Setting.Label} | {string.Join(" | ", Metric.All.Select(metric => Cell(outcome, baseline, metric)))} |");
        }
    }

    private static string Cell(Outcome outcome, Outcome? baseline, Metric metric)
    {
        var percent = outcome.Percent(metric);
        if (double.IsNaN(percent))
        {
            return "–";
        }

        var share = percent.ToString("0.0", CultureInfo.InvariantCulture);
        if (baseline is null)
        {
            return share;
        }

        var difference = outcome.DifferenceTo(baseline, metric);
        return difference is { Mean: 0, Low: 0, High: 0 }
            ? share
            : string.Create(CultureInfo.InvariantCulture, $"{share} ({Signed(difference.Mean)} [{Signed(difference.Low)}, {Signed(difference.High)}])");
    }

    private static string Signed(double value) => value.ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture);
}
