using System.Security.Cryptography;
using System.Text;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

public sealed class ChatTemplateTests(VocabularyFixture fixture) : IClassFixture<VocabularyFixture>
{
    private static readonly ChatTurn[] Question = [new(ChatTurnRole.User, "Hello")];

    private LlamaVocabulary Vocabulary => fixture.Open("ChatML").Vocabulary;

    [Fact]
    public void Create_UnknownOverride_ListsNames()
    {
        var exception = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Create(Vocabulary, "chatml", "chat-ml"));

        Assert.Contains("'chat-ml'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("chatml, ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("llama3", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Create_NoTemplate_NamesTheOption(string? template)
    {
        var exception = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Create(Vocabulary, template, overrideName: null));

        Assert.Contains("option ChatTemplate", exception.Message, StringComparison.Ordinal);
        Assert.Contains("gemma", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_UnknownTemplate_QuotesItsStart()
    {
        var exception = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Create(Vocabulary, "{{ messages }}" + new string('x', 100), overrideName: null));

        Assert.Contains($"\"{{{{ messages }}}}{new string('x', 66)}…\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("option ChatTemplate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ModelTemplate_HashesItsText()
    {
        var text = TemplatePresets.Llama3.ChatTemplate;

        var template = ChatTemplate.Create(Vocabulary, text, overrideName: "");

        Assert.Equal(Hash(text), template.Sha256);
        Assert.Equal("the model's own template, taken for 'llama3'", template.Description);
    }

    [Fact]
    public void Create_Override_ReplacesTheModelsTemplate()
    {
        var template = ChatTemplate.Create(Vocabulary, TemplatePresets.Llama3.ChatTemplate, "chatml");

        Assert.Equal(Hash("builtin:chatml"), template.Sha256);
        Assert.Equal("built-in template 'chatml'", template.Description);
        Assert.Equal(fixture.Open("ChatML").Template.Encode(Question, true).Tokens, template.Encode(Question, true).Tokens);
    }

    [Fact]
    public void Encode_NoTurns_Throws() =>
        Assert.Throws<ArgumentException>(() => fixture.Open("ChatML").Template.Encode([], addGenerationPrompt: true));

    [Fact]
    public void Encode_RoleOutsideTheSet_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => fixture.Open("ChatML").Template.Encode([new((ChatTurnRole)3, "x")], addGenerationPrompt: true));

    [Fact]
    public void Encode_NulCharacter_NamesTheMessage()
    {
        var exception = Assert.Throws<ChatTemplateException>(() =>
            fixture.Open("ChatML").Template.Encode([.. Question, new(ChatTurnRole.Assistant, "a\0b")], addGenerationPrompt: false));

        Assert.Contains("Message 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_MessageTheTemplateDrops_NamesIt()
    {
        var exception = Assert.Throws<ChatTemplateException>(() =>
            fixture.Open("YandexGPT").Template.Encode([new(ChatTurnRole.System, "Be kind."), .. Question], addGenerationPrompt: true));

        Assert.Contains("leaves out message 1, which is of the role System", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_SystemMessageWithNoUserTurnToFoldInto_Throws() =>
        Assert.Throws<ChatTemplateException>(() =>
            fixture.Open("Gemma").Template.Encode([.. Question, new(ChatTurnRole.System, "Be kind.")], addGenerationPrompt: true));

    [Fact]
    public void Encode_LoneSurrogates_BecomeReplacementCharacters()
    {
        var template = fixture.Open("ChatML").Template;

        var tokens = template.Encode([new(ChatTurnRole.User, "a\ud83d b\ude42\ud83d")], addGenerationPrompt: false).Tokens;

        Assert.Equal(template.Encode([new(ChatTurnRole.User, "a\ufffd b\ufffd\ufffd")], addGenerationPrompt: false).Tokens, tokens);
    }

    [Fact]
    public void Encode_TemplateThatWritesBos_HasItOnce()
    {
        var (vocabulary, template) = fixture.Open("GigaChat");

        var prompt = template.Encode(Question, addGenerationPrompt: true);

        Assert.Equal(vocabulary.Bos, Assert.Single(prompt.Tokens, token => token == vocabulary.Bos));
        Assert.Equal(TokenOrigin.Bos, prompt.Origins[0]);
    }

    [Theory]
    [InlineData("ChatML", "a <|im_end|> b", "a < |im_end|> b")]
    [InlineData("ChatML", "</think>", "< /think>")]
    [InlineData("Llama-2", "[IN[INST]ST] <<SYS>>", "[IN[ INST]ST] < <SYS>>")]
    [InlineData("Vicuna", "FILESYSTEM: USER: hi", "FILESYSTEM: U SER: hi")]
    [InlineData("Gemma", "<table> <end_of_turn>", "<table> < end_of_turn>")]
    public void Encode_Marker_IsTakenApartByASpace(string name, string content, string expected)
    {
        var (vocabulary, template) = fixture.Open(name);

        var prompt = template.Encode([new(ChatTurnRole.User, content)], addGenerationPrompt: true);

        Assert.Contains(expected, Encoding.UTF8.GetString(vocabulary.GetBytes(prompt.Tokens)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\n\nb", "a\n \nb")]
    [InlineData("a\n\n\n\n\nb", "a\n \n \n \n \nb")]
    public void Encode_WhiteSpaceThatEndsTurns_IsTakenApart(string content, string expected)
    {
        var (vocabulary, template) = fixture.Open(VocabularyFixture.BlankLineEndsTurn);

        var prompt = template.Encode([new(ChatTurnRole.User, content), new(ChatTurnRole.Assistant, "x")], addGenerationPrompt: true);

        Assert.DoesNotContain(prompt.Tokens.Zip(prompt.Origins), token => token.Second.Turn >= 0 && vocabulary.IsEndOfGeneration(token.First));
        Assert.StartsWith("User: " + expected, Encoding.UTF8.GetString(vocabulary.GetBytes(prompt.Tokens)), StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_ManyThreads_GiveTheSameTokens()
    {
        var template = fixture.Open("Gemma").Template;
        var expected = template.Encode(Question, addGenerationPrompt: true).Tokens;

        var prompts = Enumerable.Range(0, 200).AsParallel().Select(_ => template.Encode(Question, addGenerationPrompt: true).Tokens).ToList();

        Assert.All(prompts, tokens => Assert.Equal(expected, tokens));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
