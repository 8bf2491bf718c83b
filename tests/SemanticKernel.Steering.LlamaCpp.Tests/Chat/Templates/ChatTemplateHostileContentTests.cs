using System.Collections.Concurrent;
using System.Text;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

/// <summary>Content brings in neither special tokens nor markers, however it is written.</summary>
public sealed class ChatTemplateHostileContentTests(VocabularyFixture fixture) : IClassFixture<VocabularyFixture>
{
    private static readonly string[] PlainMarkers =
    [
        "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<|im_start|>", "<|im_end|>", "<|user|>", "<|assistant|>", "<|system|>",
        "<start_of_turn>", "<end_of_turn>", "### Instruction:", "### Response:",
    ];

    // What these presets' templates write in plain text.
    private static readonly Dictionary<string, string[]> OwnMarkers = new()
    {
        ["vicuna"] = ["USER:", "ASSISTANT:"],
        ["vicuna-orca"] = ["USER:", "ASSISTANT:", "SYSTEM:"],
        ["openchat"] = ["GPT4 Correct User:", "GPT4 Correct Assistant:"],
        ["orion"] = ["Human:", "Assistant:"],
        ["deepseek2"] = ["User:", "Assistant:"],
        ["bailing"] = ["<role>", "</role>"],
    };

    private readonly ConcurrentDictionary<string, List<(ChatTurnRole[] Roles, EncodedPrompt Prompt, string Text)>> _plain = new();

    public static TheoryData<string> Models => [VocabularyFixture.TinyChat, .. TemplatePresets.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Encode_EveryMarkerInEveryRole_AddsNone(string name)
    {
        var markers = MarkersOf(name);
        foreach (var marker in markers)
        {
            var middle = marker.Length / 2;
            string[] contents =
            [
                marker,
                marker + marker,
                $"a{marker}b {marker}\n{marker}",
                marker[..middle] + marker + marker[middle..],
                marker[..^1] + marker,
                marker[..1] + marker,
                marker.Replace(' ', '\u2581'),
            ];

            // Seven contents for six turns: the roles get them all.
            AssertHarmless(name, markers, turn => contents[turn]);
            AssertHarmless(name, markers, turn => contents[^(turn + 1)]);

            // Across the border between messages and template text.
            AssertHarmless(name, markers, turn => turn % 2 == 0 ? marker[..middle] : marker[middle..]);
            AssertHarmless(name, markers, turn => turn % 2 == 0 ? "x" + marker[..^1] : marker[^1..]);
            AssertHarmless(name, markers, turn => turn % 2 == 0 ? marker[..1] : marker[1..] + "\nuser\n");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Encode_RandomPiecesOfMarkers_AddNone(string name)
    {
        var random = new Random(7);
        var markers = MarkersOf(name);
        string Piece()
        {
            var marker = markers[random.Next(markers.Count)];
            var start = random.Next(marker.Length);
            return random.Next(4) switch
            {
                0 => marker,
                1 => marker[start..],
                2 => marker[..(start + 1)],
                _ => "\n "[random.Next(2)..],
            };
        }

        for (var i = 0; i < 60; i++)
        {
            var contents = Enumerable.Range(0, 8).Select(_ => string.Concat(Enumerable.Range(0, 1 + random.Next(6)).Select(_ => Piece())) + "x").ToList();
            AssertHarmless(name, markers, turn => contents[turn]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void EncodeText_EveryMarker_HoldsNone(string name)
    {
        var (vocabulary, template) = fixture.Open(name);
        var markers = MarkersOf(name);

        var prompt = template.EncodeText(string.Join(" ", markers) + string.Concat(markers));

        var text = Spell(vocabulary, prompt.Tokens.AsSpan(vocabulary.AddsBos ? 1 : 0));
        Assert.DoesNotContain(markers, marker => text.Contains(marker, StringComparison.Ordinal));
        Assert.DoesNotContain(prompt.Tokens.Skip(vocabulary.AddsBos ? 1 : 0), token => IsSpecial(vocabulary, token));
    }

    private List<string> MarkersOf(string name)
    {
        var (vocabulary, _) = fixture.Open(name);

        // ChatGLM 3 has a control token "sop": content may hold the letters, as in "philosophy", though never the token.
        var specials = Enumerable.Range(0, vocabulary.Count).Where(token => IsSpecial(vocabulary, token)).Select(vocabulary.TextOf)
            .Where(text => !text.All(char.IsLetter));
        var builtIn = name == VocabularyFixture.TinyChat ? "chatml" : TemplatePresets.Get(name).BuiltIn;
        return specials.Concat(PlainMarkers).Concat(OwnMarkers.GetValueOrDefault(builtIn, []))
            .Where(text => !string.IsNullOrWhiteSpace(text)).Distinct().ToList();
    }

    private static bool IsSpecial(LlamaVocabulary vocabulary, int token) =>
        vocabulary.IsEndOfGeneration(token)
        || (vocabulary.AttributesOf(token) & (LlamaTokenAttributes.Control | LlamaTokenAttributes.Unknown)) != 0
        || (vocabulary.AttributesOf(token).HasFlag(LlamaTokenAttributes.UserDefined)
            && !string.IsNullOrWhiteSpace(vocabulary.TextOf(token)) && vocabulary.TextOf(token) is not ("<table>" or "<h1>"));

    /// <summary>Hostile contents leave special tokens and markers as they are with contents that hold none.</summary>
    private void AssertHarmless(string name, List<string> markers, Func<int, string> content)
    {
        var (vocabulary, _) = fixture.Open(name);
        foreach (var (roles, plain, plainText) in _plain.GetOrAdd(name, EncodePlain))
        {
            var hostile = Encode(name, roles, content);

            Assert.Equal(plain.Tokens.Where(token => IsSpecial(vocabulary, token)), hostile.Tokens.Where(token => IsSpecial(vocabulary, token)));
            Assert.DoesNotContain(
                hostile.Tokens.Zip(hostile.Origins), token => token.Second.Kind == TokenOriginKind.Content && IsSpecial(vocabulary, token.First));
            var hostileText = Spell(vocabulary, hostile.Tokens);
            Assert.All(markers, marker => Assert.True(Count(plainText, marker) == Count(hostileText, marker), $"{name}: '{marker}' in {hostileText}"));
        }
    }

    private EncodedPrompt Encode(string name, ChatTurnRole[] roles, Func<int, string> content) =>
        fixture.Open(name).Template.Encode(roles.Select((role, turn) => new ChatTurn(role, content(turn))).ToList(), addGenerationPrompt: true);

    private List<(ChatTurnRole[] Roles, EncodedPrompt Prompt, string Text)> EncodePlain(string name)
    {
        var (vocabulary, template) = fixture.Open(name);
        return Conversations.ShapesFor(template).Where(roles => roles.Length > 3 || roles.All(role => role == ChatTurnRole.User)).Select(roles =>
        {
            var prompt = Encode(name, roles, _ => "x");
            return (roles, prompt, Spell(vocabulary, prompt.Tokens));
        }).ToList();
    }

    private static string Spell(LlamaVocabulary vocabulary, ReadOnlySpan<int> tokens)
    {
        var text = new StringBuilder();
        while (tokens.Length > 0)
        {
            var length = 0;
            while (length < tokens.Length && !vocabulary.AttributesOf(tokens[length]).HasFlag(LlamaTokenAttributes.Control))
            {
                length++;
            }

            text.Append(Encoding.UTF8.GetString(vocabulary.GetBytes(tokens[..length])));
            text.Append(length < tokens.Length ? vocabulary.TextOf(tokens[length++]) : string.Empty);
            tokens = tokens[length..];
        }

        return text.ToString();
    }

    private static int Count(string text, string marker)
    {
        var count = 0;
        for (var at = text.IndexOf(marker, StringComparison.Ordinal); at >= 0; at = text.IndexOf(marker, at + 1, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
