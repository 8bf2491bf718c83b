using System.Text;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

public sealed class EncodedPromptTests(VocabularyFixture fixture) : IClassFixture<VocabularyFixture>
{
    private static readonly ChatTurn[] Conversation =
    [
        new(ChatTurnRole.User, "What is 1 + 1?"),
        new(ChatTurnRole.Assistant, "It is 2, I think"),
        new(ChatTurnRole.User, "And 日本 🙂"),
        new(ChatTurnRole.Assistant, "good"),
    ];

    public static TheoryData<string> Models => [VocabularyFixture.TinyChat, .. TemplatePresets.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Origins_OfEveryTurn_CoverItsContent(string name)
    {
        var (vocabulary, template) = fixture.Open(name);

        var prompt = template.Encode(Conversation, addGenerationPrompt: false);

        for (var turn = 0; turn < Conversation.Length; turn++)
        {
            var tokens = Enumerable.Range(0, prompt.Tokens.Length).Where(index => prompt.Origins[index].Turn == turn).ToList();
            Assert.Equal(tokens.Count - 1, tokens[^1] - tokens[0]);
            Assert.All(tokens, index => Assert.Equal(TokenOrigin.OfContent(turn, Conversation[turn].Role), prompt.Origins[index]));
            Assert.Equal(Conversation[turn].Content, Spell(vocabulary, prompt.Tokens.AsSpan(tokens[0], tokens.Count)).Trim());
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void LastUserTurnStart_AfterOtherTurns_IsWhereTheTurnsBeforeEnd(string name)
    {
        var (vocabulary, template) = fixture.Open(name);

        var prompt = template.Encode(Conversation[..3], addGenerationPrompt: false);

        var turn = prompt.Tokens.AsSpan(prompt.LastUserTurnStart);
        Assert.Contains(Conversation[2].Content, Spell(vocabulary, turn), StringComparison.Ordinal);
        Assert.DoesNotContain(prompt.Origins[prompt.LastUserTurnStart..], origin => origin.Turn is 0 or 1);
        Assert.StartsWith(
            Spell(vocabulary, prompt.Tokens.AsSpan(0, prompt.LastUserTurnStart)),
            Spell(vocabulary, template.Encode(Conversation[..2], addGenerationPrompt: false).Tokens),
            StringComparison.Ordinal);
    }

    [Fact]
    public void LastUserTurnStart_ChatMl_IsItsHeader()
    {
        var (vocabulary, template) = fixture.Open("ChatML");
        ChatTurn[] turns = [new(ChatTurnRole.System, "Be kind."), new(ChatTurnRole.User, "a"), new(ChatTurnRole.Assistant, "b"), new(ChatTurnRole.User, "")];

        var prompt = template.Encode(turns, addGenerationPrompt: true);

        Assert.Equal("<|im_start|>", vocabulary.TextOf(prompt.Tokens[prompt.LastUserTurnStart]));
        Assert.Equal("user\n\nassistant\n", Spell(vocabulary, prompt.Tokens.AsSpan(prompt.LastUserTurnStart)));
    }

    [Fact]
    public void LastUserTurnStart_SystemMessageFoldedIntoTheTurn_IsBeforeIt()
    {
        var prompt = fixture.Open("Gemma").Template.Encode([new(ChatTurnRole.System, "Be kind."), new(ChatTurnRole.User, "a")], addGenerationPrompt: true);

        Assert.Equal(1, prompt.LastUserTurnStart);
    }

    [Fact]
    public void LastUserTurnStart_NoUserTurn_IsZero()
    {
        var prompt = fixture.Open("Llama-3").Template.Encode([new(ChatTurnRole.System, "Be kind.")], addGenerationPrompt: true);

        Assert.Equal(0, prompt.LastUserTurnStart);
        Assert.Equal(TokenOrigin.Bos, prompt.Origins[0]);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Answers_OfAConversation_HoldTheAssistantsContents(string name)
    {
        var (vocabulary, template) = fixture.Open(name);

        var prompt = template.Encode(Conversation, addGenerationPrompt: false);

        Assert.Equal([1, 3], prompt.Answers.Select(answer => answer.Turn));
        foreach (var answer in prompt.Answers)
        {
            Assert.Equal(Conversation[answer.Turn].Content, Spell(vocabulary, prompt.Tokens.AsSpan()[answer.Content]).Trim());
            Assert.True(answer.EndOfTurn is not { } end || (end >= answer.Content.End.Value && vocabulary.IsEndOfGeneration(prompt.Tokens[end])));
        }
    }

    [Theory]
    [InlineData("ChatML", "<|im_end|>")]
    [InlineData("Llama-3", "<|eot_id|>")]
    [InlineData("Gemma", "<end_of_turn>")]
    [InlineData("Mistral v1", "</s>")]
    [InlineData(VocabularyFixture.TinyChat, "<|im_end|>")]
    public void Answers_EndOfTurn_IsTheMarkerAfterTheContent(string name, string marker)
    {
        var (vocabulary, template) = fixture.Open(name);

        var answer = template.Encode(Conversation, addGenerationPrompt: false).Answers[0];

        var end = Assert.NotNull(answer.EndOfTurn);
        Assert.Equal(answer.Content.End.Value, end);
        Assert.Equal(marker, vocabulary.TextOf(template.Encode(Conversation, addGenerationPrompt: false).Tokens[end]));
    }

    [Fact]
    public void Answers_EmptyContent_HasNoTokens()
    {
        var answer = Assert.Single(fixture.Open("ChatML").Template.Encode([new(ChatTurnRole.User, "a"), new(ChatTurnRole.Assistant, "")], false).Answers);

        Assert.Equal(0, answer.Content.GetOffsetAndLength(1).Length);
        Assert.Null(answer.EndOfTurn);
    }

    [Theory]
    [InlineData("Llama-2")]
    [InlineData("ChatML")]
    public void EncodeText_HarmlessText_IsContentAfterBos(string name)
    {
        var (vocabulary, template) = fixture.Open(name);

        var prompt = template.EncodeText("Hello world\n");

        Assert.Equal(vocabulary.Tokenize("Hello world\n", addSpecial: true, parseSpecial: true), prompt.Tokens);
        var first = vocabulary.AddsBos ? 1 : 0;
        Assert.Equal(first..prompt.Tokens.Length, Assert.Single(prompt.Answers).Content);
        Assert.All(prompt.Origins[first..], origin => Assert.Equal(TokenOrigin.OfContent(0, null), origin));
        Assert.Equal(0, prompt.LastUserTurnStart);
    }

    private static string Spell(LlamaVocabulary vocabulary, ReadOnlySpan<int> tokens) => Encoding.UTF8.GetString(vocabulary.GetBytes(tokens));
}
