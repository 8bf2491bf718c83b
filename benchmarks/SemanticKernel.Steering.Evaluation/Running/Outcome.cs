using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Statistics;

namespace SemanticKernel.Steering.Evaluation.Running;

/// <summary>All answers of one setting, judged.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Questions">The questions.</param>
/// <param name="Judgements">By question, then by seed.</param>
internal sealed record Outcome(Setting Setting, IReadOnlyList<Question> Questions, IReadOnlyList<Judgement[]> Judgements)
{
    /// <summary>A metric over all answers, in percent; NaN if no question counts.</summary>
    public double Percent(Metric metric) => PerQuestion(metric) is { Count: > 0 } values ? values.Average() : double.NaN;

    /// <summary>How far a metric lies from that of another setting, in points, with its interval.</summary>
    public PairedDifference DifferenceTo(Outcome other, Metric metric) => PairedDifference.Between(other.PerQuestion(metric), PerQuestion(metric));

    /// <summary>A metric for every question that counts, in percent of the seeds.</summary>
    public IReadOnlyList<double> PerQuestion(Metric metric) =>
    [
        .. Questions.Zip(Judgements)
            .Where(pair => metric.AppliesTo(pair.First))
            .Select(pair => 100.0 * pair.Second.Count(metric.Holds) / pair.Second.Length),
    ];
}
