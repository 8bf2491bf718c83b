using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Reports;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class KeptEffectsTests
{
    [Fact]
    public void Percent_Effects_IsTheirRatio() =>
        Assert.Equal(75, KeptEffects.Percent(Rude(0.5), Rude(0.1), Rude(0.2), Metric.Rude), 9);

    [Fact]
    public void Interval_SameRatioInEveryQuestion_HasNoWidth()
    {
        var (low, high) = KeptEffects.Interval(Rude(0.5), Rude(0.1), Rude(0.2), Metric.Rude);

        Assert.Equal(75, low, 9);
        Assert.Equal(75, high, 9);
    }

    // Three questions with ten answers each.
    private static Outcome Rude(double share) => new(
        Setting.Baseline,
        [.. Enumerable.Repeat(new Question("Hello!", "talk", null, null, "polite"), 3)],
        [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 10).Select(i => new Judgement(i < 10 * share, false, false, true)).ToArray())]);
}
