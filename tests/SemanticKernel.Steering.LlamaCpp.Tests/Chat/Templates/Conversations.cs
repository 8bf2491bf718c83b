using SemanticKernel.Steering.LlamaCpp.Chat.Templates;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

/// <summary>Makes conversations from a seed.</summary>
internal static class Conversations
{
    private static readonly string[] Pieces =
    [
        "Hello", " world", "What is the capital of France?", "I am good.", "  ", "    ", " ", "\n", "\n\n", "\n\n\n", "\t", "\r\n", ".", "!\n", ":\n\n", " the",
        "def f(x):\n    return x + 1\n", "{\"a\": [1, 2]}", "a < b > c", "x[0]", "<h1>Title</h1>", "<table>", "100 %", "'s", "'LL", "1234567", "é", "ß ü", "日本語",
        "🙂", "👩‍👩‍👧", "\u00a0", "\u3000", "user", "assistant", " system", "model", "INST", "SYS", "You are kind.", "####", "| a | b |", "->", "<", ">", "[", "]", "/", "|",
        "https://example.org/?q=1&r=2", "\\n", "\"quoted\"", "ÿ", "\ud83d", "end",
    ];

    private static readonly ChatTurnRole[][] Shapes =
    [
        [ChatTurnRole.User],
        [ChatTurnRole.System, ChatTurnRole.User],
        [ChatTurnRole.User, ChatTurnRole.Assistant],
        [ChatTurnRole.User, ChatTurnRole.Assistant, ChatTurnRole.User],
        [ChatTurnRole.System, ChatTurnRole.User, ChatTurnRole.Assistant, ChatTurnRole.User, ChatTurnRole.Assistant, ChatTurnRole.User],
        [ChatTurnRole.User, ChatTurnRole.User],
    ];

    /// <summary>Makes a harmless conversation.</summary>
    internal static List<ChatTurn> Make(Random random, List<ChatTurnRole[]> shapes) =>
        shapes[random.Next(shapes.Count)].Select(role => new ChatTurn(role, MakeContent(random))).ToList();

    /// <summary>The shapes of conversation that the template has a place for: Yandex's, for one, has none for system messages.</summary>
    internal static List<ChatTurnRole[]> ShapesFor(ChatTemplate template) => Shapes.Where(roles =>
    {
        try
        {
            template.Encode(roles.Select(role => new ChatTurn(role, "x")).ToList(), addGenerationPrompt: false);
            return true;
        }
        catch (ChatTemplateException)
        {
            return false;
        }
    }).ToList();

    private static string MakeContent(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
