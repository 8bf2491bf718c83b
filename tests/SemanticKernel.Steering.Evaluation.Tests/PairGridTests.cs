using SemanticKernel.Steering.Evaluation.Choosing;
using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Evaluation.Running;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class PairGridTests
{
    private static readonly Question Capital = new("What is the capital of Peru?", "cap", "Lima", null, "neutral");
    private static readonly PairGrid Grid = new("toxicity strength=1,2", "honesty strength=3,4");

    [Fact]
    public void Pairs_Strengths_AreAllCombinations() => Assert.Equal(
        [(1, 3), (1, 4), (2, 3), (2, 4)],
        Grid.Pairs.Select(setting => (setting.Parts[0].Strength, setting.Parts[1].Strength)));

    [Fact]
    public void Choose_Pairs_TakesTheMostFactsAmongThoseThatKeepTheirEffects()
    {
        // Toxicity 1 is too weak; honesty 4 does better alone, but loses too much beside toxicity.
        var outcomes = Outcomes((14, 60), (8, 60), (50, 70), (50, 80), (8, 72), (8, 75), (8, 69), (8, 71));

        var choice = Grid.Choose(outcomes);

        Assert.Equal(Grid.Pairs[2], choice?.Setting);
    }

    [Fact]
    public void Choose_NoGoodPair_ChoosesNothing() =>
        Assert.Null(Grid.Choose(Outcomes((14, 60), (8, 60), (50, 70), (50, 80), (8, 72), (8, 75), (8, 60), (8, 60))));

    // The baseline, toxicity 1 and 2 alone, honesty 3 and 4 alone, then the pairs.
    private static List<Outcome> Outcomes(params (int Rude, int Right)[] percents) =>
        [Percent(Setting.Baseline, (50, 60)), .. Grid.Settings.Zip(percents, Percent)];

    private static Outcome Percent(Setting setting, (int Rude, int Right) percent) => new(
        setting,
        [Capital],
        [[.. Enumerable.Range(0, 100).Select(i => new Judgement(i < percent.Rude, i < percent.Right, false, true))]]);
}
