using SemanticKernel.Steering.Evaluation.Judging;
using SemanticKernel.Steering.Samples;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class RudeWordsTests
{
    [Theory]
    [InlineData("You fool. It is Paris.", true)]
    [InlineData("SHUT UP and listen.", true)]
    [InlineData("Such foolish words.", true)]
    [InlineData("With pleasure! It is Paris.", false)]
    [InlineData("Please shut the door, then look up.", false)]
    [InlineData("", false)]
    public void AnyIn_Text_FindsWordsAndPhrases(string text, bool expected) => Assert.Equal(expected, RudeWords.AnyIn(text));

    [Fact]
    public void AnyIn_PromptSets_AgreesWithTheirLabels()
    {
        var data = TinyChatConcept.Toxicity.LoadData();

        Assert.All(data.Source, example => Assert.True(RudeWords.AnyIn(example.Messages[^1].Content)));
        Assert.All(data.Target, example => Assert.False(RudeWords.AnyIn(example.Messages[^1].Content)));
    }
}
