using SemanticKernel.Steering.Evaluation.Judging;

namespace SemanticKernel.Steering.Evaluation.Tests;

public class WholeWordTests
{
    [Theory]
    [InlineData("It is Paris.", "Paris", true)]
    [InlineData("paris", "Paris", true)]
    [InlineData("Two plus four is six.", "six", true)]
    [InlineData("Two plus four is sixteen.", "six", false)]
    [InlineData("It is a hotdog, not a dog!", "dog", true)]
    [InlineData("The capital of India is New Delhi.", "New Delhi", true)]
    [InlineData("It is 12.", "1", false)]
    [InlineData("It is Paris2.", "Paris", false)]
    [InlineData("", "Paris", false)]
    public void IsIn_Text_MatchesWholeWordsOnly(string text, string word, bool expected) => Assert.Equal(expected, WholeWord.IsIn(text, word));

    [Fact]
    public void IsIn_EmptyWord_Throws() => Assert.Throws<ArgumentException>(() => WholeWord.IsIn("It is Paris.", ""));
}
