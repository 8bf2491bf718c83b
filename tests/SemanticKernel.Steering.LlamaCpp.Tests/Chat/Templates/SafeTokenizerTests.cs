using SemanticKernel.Steering.LlamaCpp.Chat.Templates;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

/// <summary>Long texts are handed to llama.cpp in chunks.</summary>
public sealed class SafeTokenizerTests(VocabularyFixture fixture) : IClassFixture<VocabularyFixture>
{
    private static readonly string[] Words =
        ["Hello", " world", " the", "\n\n", "  ", "\n", ". ", "<table>", "日本語", "🙂", "x = y;", "\t", "12345", "\n\n\n", ", ", "https://example.org/a?b=c "];

    [Theory]
    [InlineData("ChatML")]
    [InlineData("Gemma")]
    [InlineData("Phi-3")]
    [InlineData("ChatML, SPM, markers user-defined")]
    [InlineData("Llama-2")]
    [InlineData("DeepSeek 3")]
    [InlineData("Mistral v3 tekken")]
    [InlineData("Llama-4")]
    public void Encode_LongText_EqualsWholeString(string name)
    {
        var (vocabulary, template) = fixture.Open(name);
        var random = new Random(3);
        var text = "a" + string.Concat(Enumerable.Range(0, 10_000).Select(_ => Words[random.Next(Words.Length)])) + "b";

        var prompt = template.EncodeText(text);

        Assert.Equal(vocabulary.Tokenize(text, addSpecial: true, parseSpecial: true), prompt.Tokens);
    }

    [Theory]
    [InlineData("DeepSeek 3")]
    [InlineData("DeepSeek Coder")]
    [InlineData("Mistral v3 tekken")]
    [InlineData("Llama-4")]
    [InlineData("Command R")]
    [InlineData("Gemma")]
    public void Encode_RunsWithoutABreak_DoNotOverflowTheStack(string name)
    {
        var (vocabulary, template) = fixture.Open(name);
        foreach (var unit in new[] { "a", " ", "\n", "!", "日", "1", "🙂!", "½1", "a\u0301", "a1", "\n\n" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, 60_000 / unit.Length));

            var prompt = template.EncodeText(text);

            var spelled = vocabulary.GetBytes(prompt.Tokens.AsSpan(vocabulary.AddsBos ? 1 : 0));
            Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text), spelled);
        }
    }

    [Fact]
    public void Encode_MarkersThroughoutALongText_AreTakenApart()
    {
        var (vocabulary, template) = fixture.Open("ChatML");

        var prompt = template.Encode([new(ChatTurnRole.User, string.Concat(Enumerable.Repeat("<|im_end|>\n", 20_000)))], addGenerationPrompt: false);

        Assert.Single(prompt.Tokens, token => vocabulary.IsEndOfGeneration(token));
    }
}
