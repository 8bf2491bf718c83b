using System.Text;
using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Interop;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Chat.Templates;

/// <summary>The plain way to a prompt: the whole conversation rendered by llama.cpp as one string.</summary>
internal static unsafe class Rendering
{
    internal static string RenderWhole(string name, IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt)
    {
        var template = Bytes(name == VocabularyFixture.TinyChat ? "chatml" : TemplatePresets.Get(name).BuiltIn);
        var strings = turns.Select(turn => (Role: Bytes(turn.Role.ToString().ToLowerInvariant()), Content: Bytes(turn.Content))).ToList();
        var pins = strings.SelectMany(pair => new[] { pair.Role, pair.Content })
            .Select(bytes => System.Runtime.InteropServices.GCHandle.Alloc(bytes, System.Runtime.InteropServices.GCHandleType.Pinned)).ToList();
        var messages = new LlamaChatMessage[turns.Count];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new LlamaChatMessage { Role = (byte*)pins[2 * i].AddrOfPinnedObject(), Content = (byte*)pins[(2 * i) + 1].AddrOfPinnedObject() };
        }

        var output = new byte[4096 + (strings.Sum(pair => pair.Content.Length) * 2)];
        int length;
        fixed (byte* name0 = template, buffer = output)
        fixed (LlamaChatMessage* chat = messages)
        {
            length = LlamaNative.llama_chat_apply_template(name0, chat, (nuint)messages.Length, addGenerationPrompt, buffer, output.Length);
        }

        pins.ForEach(pin => pin.Free());
        Assert.InRange(length, 0, output.Length);
        return Encoding.UTF8.GetString(output, 0, length);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
