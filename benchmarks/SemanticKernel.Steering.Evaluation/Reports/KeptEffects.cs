using System.Globalization;
using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;
using SemanticKernel.Steering.Evaluation.Statistics;

namespace SemanticKernel.Steering.Evaluation.Reports;

/// <summary>How much of its own effect a concept keeps when another one is in force as well.</summary>
internal static class KeptEffects
{
    /// <summary>The change under both concepts as a share of the change under one, in percent.</summary>
    public static double Percent(Outcome baseline, Outcome alone, Outcome both, Metric metric) =>
        100 * (both.Percent(metric) - baseline.Percent(metric)) / (alone.Percent(metric) - baseline.Percent(metric));

    /// <summary>The 95 % interval of <see cref="Percent"/>; see <see cref="Bootstrap"/>.</summary>
    public static (double Low, double High) Interval(Outcome baseline, Outcome alone, Outcome both, Metric metric)
    {
        var none = baseline.PerQuestion(metric);
        var one = alone.PerQuestion(metric);
        var two = both.PerQuestion(metric);
        return Bootstrap.Interval(none.Count, drawn =>
        {
            double kept = 0, own = 0;
            foreach (var index in drawn)
            {
                kept += two[index] - none[index];
                own += one[index] - none[index];
            }

            return 100 * kept / own;
        });
    }

    /// <summary>Says it in a sentence.</summary>
    public static string Describe(Outcome baseline, Outcome toxicity, Outcome honesty, Outcome both) =>
        $"Both together: toxicity keeps {Part(baseline, toxicity, both, Metric.Rude)} of its own effect, honesty {Part(baseline, honesty, both, Metric.FactsRight)}.";

    private static string Part(Outcome baseline, Outcome alone, Outcome both, Metric metric)
    {
        var (low, high) = Interval(baseline, alone, both, metric);
        return string.Create(CultureInfo.InvariantCulture, $"{Percent(baseline, alone, both, metric):0} % [{low:0}, {high:0}]");
    }
}
