using SemanticKernel.Steering.Evaluation.Choosing;
using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class ChoiceRuleTests
{
    private static readonly ChoiceRule Rule = new(Metric.Rude, Raises: false, Metric.FactsRight, MaxHarm: 2, Tie: 1);
    private static readonly Question Capital = new("What is the capital of Peru?", "cap", "Lima", null, "neutral");
    private static readonly Outcome Baseline = Percent(rude: 50, right: 70);

    [Fact]
    public void Choose_HarmfulBest_TakesTheBestHarmlessOne()
    {
        var harmful = Percent(rude: 0, right: 60);
        var good = Percent(rude: 8, right: 69);

        Assert.Same(good, Rule.Choose(Baseline, [Percent(rude: 20, right: 70), harmful, good]));
    }

    [Fact]
    public void Choose_Tie_TakesTheFirst()
    {
        var first = Percent(rude: 6, right: 70);

        Assert.Same(first, Rule.Choose(Baseline, [Percent(rude: 7, right: 70), first, Percent(rude: 5, right: 70)]));
    }

    [Fact]
    public void Choose_AnswersThatNeverEnd_ChoosesNothing() =>
        Assert.Null(Rule.Choose(Baseline, [Percent(rude: 0, right: 70, ended: 90)]));

    [Fact]
    public void IsHarmless_RudenessAsGuard_MindsBothDirections()
    {
        var rule = new ChoiceRule(Metric.FactsRight, Raises: true, Metric.Rude, MaxHarm: 4, Tie: 1);

        Assert.True(rule.IsHarmless(Baseline, Percent(rude: 47, right: 70)));
        Assert.False(rule.IsHarmless(Baseline, Percent(rude: 45, right: 70)));
        Assert.False(rule.IsHarmless(Baseline, Percent(rude: 55, right: 70)));
    }

    // One question with a hundred answers.
    private static Outcome Percent(int rude, int right, int ended = 100) => new(
        Setting.Baseline,
        [Capital],
        [[.. Enumerable.Range(0, 100).Select(i => new Judgement(i < rude, i < right, false, i < ended))]]);
}
