using SemanticKernel.Steering.Fuzz;

namespace SemanticKernel.Steering.Tests;

/// <summary>The first inputs of the fuzzing program; the program itself goes on to a million.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Read_TwoThousandDamagedFiles_RefusesWithDocumentedExceptionsOnly()
    {
        var outcomes = Enumerable.Range(1, 2000).Select(seed => FuzzCase.Run((ulong)seed)).ToList();

        // Inputs that are all refused, or all accepted, would show nothing.
        Assert.All(outcomes.GroupBy(outcome => outcome.Reader), reader =>
        {
            Assert.InRange(reader.Count(outcome => outcome.Refusal is null), 10, 360);
            Assert.Equal(400, reader.Count());
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(77)]
    [InlineData(999_999)]
    public void Create_SameSeed_GivesTheSameInput(ulong seed) => Assert.Equal(FuzzCase.Create(seed).Input, FuzzCase.Create(seed).Input);
}
