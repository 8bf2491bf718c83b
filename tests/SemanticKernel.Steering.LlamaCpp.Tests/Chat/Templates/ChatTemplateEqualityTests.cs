using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

/// <summary>Harmless conversations get the tokens of the whole rendered string.</summary>
public sealed class ChatTemplateEqualityTests(VocabularyFixture fixture) : IClassFixture<VocabularyFixture>
{
    public static TheoryData<string> Models => [VocabularyFixture.TinyChat, .. TemplatePresets.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Encode_HarmlessConversations_EqualsWholeString(string name)
    {
        var random = new Random(20_24);
        var shapes = Conversations.ShapesFor(fixture.Open(name).Template);
        for (var i = 0; i < 200; i++)
        {
            AssertEqualsWholeString(name, Conversations.Make(random, shapes), random.Next(2) == 0);
        }
    }

    private void AssertEqualsWholeString(string name, List<ChatTurn> turns, bool addGenerationPrompt)
    {
        var (vocabulary, template) = fixture.Open(name);
        var whole = Rendering.RenderWhole(name, turns, addGenerationPrompt);
        var expected = vocabulary.Tokenize(whole, addSpecial: true, parseSpecial: true).AsSpan();

        // Templates that write BOS themselves: llama_tokenize adds a second one.
        expected = vocabulary.AddsBos && expected[1..].StartsWith([vocabulary.Bos]) ? expected[1..] : expected;

        var actual = template.Encode(turns, addGenerationPrompt).Tokens;

        Assert.True(expected.SequenceEqual(actual), $"{name}: {whole}\nexpected {string.Join(' ', expected.ToArray())}\nactual   {string.Join(' ', actual)}");
    }
}
