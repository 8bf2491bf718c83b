using SemanticKernel.Steering.Evaluation.Recipes;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class WordPairsTests
{
    [Theory]
    [InlineData("A brave owl met a horse. The horse sang.", "A brave owl met an elephant. The elephant sang.")]
    [InlineData("There was a happy fox named Max.", "There was a happy elephant named Max.")]
    [InlineData("It met an owl and left.", "It met an elephant and left.")]
    public void Of_Story_ChangesTheLastAnimalOnly(string answer, string expected)
    {
        var data = WordPairs.Of("topic", [Story(answer)], "elephant");

        Assert.Equal(answer, Assert.Single(data.Source).Messages[1].Content);
        Assert.Equal(expected, Assert.Single(data.Target).Messages[1].Content);
        Assert.Equal("Tell me a story about an owl.", data.Target[0].Messages[0].Content);
    }

    [Fact]
    public void Of_StoryWithoutAnimals_IsLeftOut()
    {
        var data = WordPairs.Of("topic", [Story("Go away."), Story("There was a fox.")], "elephant");

        Assert.Single(data.Source);
        Assert.Single(data.Target);
    }

    private static TrainingExample Story(string answer) => TrainingExample.FromDialogue(
        [new DialogueMessage("user", "Tell me a story about an owl."), new DialogueMessage("assistant", answer)]);
}
