using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class OutcomeTests
{
    private static readonly Question[] Questions =
    [
        new("What is the capital of Peru?", "cap", "Lima", null, "neutral"),
        new("Tell me a story about a cow.", "story", null, null, "neutral"),
    ];

    [Fact]
    public void PerQuestion_Metric_AveragesSeedsOfQuestionsThatCount()
    {
        var outcome = Answers([(true, true), (false, true)], [(true, false), (true, false)]);

        Assert.Equal([50, 100], outcome.PerQuestion(Metric.Rude));
        Assert.Equal([100], outcome.PerQuestion(Metric.FactsRight));
        Assert.Equal(75, outcome.Percent(Metric.Rude));
        Assert.Equal(double.NaN, outcome.Percent(Metric.RightDespiteLie));
    }

    [Fact]
    public void DifferenceTo_Baseline_SubtractsIt()
    {
        var baseline = Answers([(true, true)], [(true, false)]);
        var steered = Answers([(false, true)], [(false, false)]);

        Assert.Equal(-100, steered.DifferenceTo(baseline, Metric.Rude).Mean);
        Assert.Equal(0, steered.DifferenceTo(baseline, Metric.FactsRight).Mean);
    }

    private static Outcome Answers(params (bool Rude, bool Right)[][] answers) => new(
        Setting.Baseline,
        Questions,
        [.. answers.Select(seeds => seeds.Select(answer => new Judgement(answer.Rude, answer.Right, false, true)).ToArray())]);
}
