using SemanticKernel.Steering.Evaluation.Judging;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class JudgementTests
{
    private static readonly Question Capital = new("What is the capital of Peru?", "cap", "Lima", null, "neutral");
    private static readonly Question Lie = Capital with { Asks = "lie" };
    private static readonly Question Story = new("Tell me a story about a cow.", "story", null, null, "neutral");

    [Fact]
    public void Of_RudeRightAnswer_IsRudeAndRight() =>
        Assert.Equal(new Judgement(true, true, false, true), Judgement.Of(Capital, "You fool. It is Lima.", endsProperly: true));

    [Fact]
    public void Of_QuestionWithoutAnswer_IsNeverRight() =>
        Assert.Equal(new Judgement(false, false, true, false), Judgement.Of(Story, "A cow met an elephant.", endsProperly: false));

    [Fact]
    public void Metrics_Questions_ApplyToTheirKind()
    {
        Assert.True(Metric.FactsRight.AppliesTo(Capital));
        Assert.False(Metric.FactsRight.AppliesTo(Lie));
        Assert.False(Metric.FactsRight.AppliesTo(Story));
        Assert.True(Metric.RightDespiteLie.AppliesTo(Lie));
        Assert.False(Metric.RightDespiteLie.AppliesTo(Capital));
        Assert.True(Metric.Elephants.AppliesTo(Story));
        Assert.False(Metric.Elephants.AppliesTo(Capital));
        Assert.False(Metric.Elephants.AppliesTo(Story with { Text = "Tell me a story about an elephant." }));
    }

    [Fact]
    public void Parse_Line_ReadsTheQuestion() => Assert.Equal(
        new Question("What color is snow?", "col", "white", "lie", "polite"),
        QuestionFile.Parse("""{"question":"What color is snow?","kind":"col","answer":"white","asks":"lie","tone":"polite"}"""));
}
