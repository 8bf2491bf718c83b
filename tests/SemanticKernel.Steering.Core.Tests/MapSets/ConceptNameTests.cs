namespace SemanticKernel.Steering.Tests;

public sealed class ConceptNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("toxicity")]
    [InlineData("a.b_c-9")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void IsValid_NameWithinTheRule_IsTrue(string name) => Assert.True(ConceptName.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".a")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void IsValid_AnythingElse_IsFalse(string? name) => Assert.False(ConceptName.IsValid(name));
}
