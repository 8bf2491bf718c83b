using System.Text;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>
/// Renders conversations with <c>llama_chat_apply_template</c>. Contents never pass through it: a sentinel stands in for each,
/// so that template text and content can be told apart for certain. Thread-safe.
/// </summary>
internal sealed unsafe class TemplateRenderer
{
    // No template holds these characters. The padding is white space to C's isspace, which templates that trim remove.
    private const char SentinelStart = '\u0001';
    private const char SentinelEnd = '\u0002';
    private const char Padding = '\v';

    private readonly byte[] _template;

    /// <param name="template">A Jinja text that llama.cpp may recognise, or the name of a built-in template.</param>
    internal TemplateRenderer(string template) => _template = Encoding.UTF8.GetBytes(template + '\0');

    /// <summary>The names of llama.cpp's built-in templates, sorted.</summary>
    internal static IReadOnlyList<string> ListBuiltInNames()
    {
        var count = LlamaNative.llama_chat_builtin_templates(null, 0);
        var names = new byte*[count];
        fixed (byte** output = names)
        {
            count = Math.Min(count, LlamaNative.llama_chat_builtin_templates(output, (nuint)names.Length));
        }

        var result = new string[count];
        for (var i = 0; i < count; i++)
        {
            result[i] = Utf8.Read(names[i]);
        }

        Array.Sort(result, StringComparer.Ordinal);
        return result;
    }

    /// <summary>Renders turns with sentinels as contents and splits the result at them.</summary>
    /// <param name="roles">The roles in order.</param>
    /// <param name="isEmpty">Which turns are rendered without any content: some templates treat these otherwise.</param>
    /// <param name="addGenerationPrompt">Whether the header of an answer follows.</param>
    /// <returns>The pieces in text order, or null if llama.cpp does not know the template.</returns>
    internal List<TemplatePiece>? Render(ReadOnlySpan<ChatTurnRole> roles, ReadOnlySpan<bool> isEmpty, bool addGenerationPrompt)
    {
        var strings = new StringBuilder();
        var starts = new int[roles.Length * 2];
        for (var i = 0; i < roles.Length; i++)
        {
            starts[2 * i] = strings.Length;
            strings.Append(NameOf(roles[i])).Append('\0');
            starts[(2 * i) + 1] = strings.Length;
            if (!isEmpty[i])
            {
                strings.Append(Padding).Append(SentinelStart).Append(i).Append(SentinelEnd).Append(Padding);
            }

            strings.Append('\0');
        }

        var rendered = Apply(Encoding.ASCII.GetBytes(strings.Append('\0').ToString()), starts, addGenerationPrompt);
        return rendered is null ? null : Split(rendered);
    }

    private static string NameOf(ChatTurnRole role) => role switch
    {
        ChatTurnRole.System => "system",
        ChatTurnRole.User => "user",
        ChatTurnRole.Assistant => "assistant",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A turn is spoken by the system, the user or the assistant."),
    };

    private static List<TemplatePiece> Split(string rendered)
    {
        var pieces = new List<TemplatePiece>();
        var done = 0;
        while (rendered.IndexOf(SentinelStart, done) is var start and >= 0)
        {
            var end = rendered.IndexOf(SentinelEnd, start);
            var isPaddedBefore = start > done && rendered[start - 1] == Padding;
            var isPaddedAfter = end + 1 < rendered.Length && rendered[end + 1] == Padding;
            AddText(pieces, rendered[done..(isPaddedBefore ? start - 1 : start)]);

            var turn = int.Parse(rendered.AsSpan(start + 1, end - start - 1), System.Globalization.CultureInfo.InvariantCulture);
            pieces.Add(new TemplatePiece(string.Empty, turn, !isPaddedBefore, !isPaddedAfter));
            done = isPaddedAfter ? end + 2 : end + 1;
        }

        AddText(pieces, rendered[done..]);
        return pieces;
    }

    private static void AddText(List<TemplatePiece> pieces, string text)
    {
        if (text.Length > 0)
        {
            pieces.Add(TemplatePiece.OfText(text));
        }
    }

    private string? Apply(byte[] strings, int[] starts, bool addGenerationPrompt)
    {
        var messages = new LlamaChatMessage[starts.Length / 2];
        var output = new byte[1024 + (strings.Length * 2) + (messages.Length * 64)];
        fixed (byte* template = _template, text = strings)
        {
            for (var i = 0; i < messages.Length; i++)
            {
                messages[i] = new LlamaChatMessage { Role = text + starts[2 * i], Content = text + starts[(2 * i) + 1] };
            }

            while (true)
            {
                int length;
                fixed (LlamaChatMessage* chat = messages)
                fixed (byte* buffer = output)
                {
                    length = LlamaNative.llama_chat_apply_template(template, chat, (nuint)messages.Length, addGenerationPrompt, buffer, output.Length);
                }

                if (length < 0)
                {
                    return null;
                }

                if (length <= output.Length)
                {
                    return Encoding.UTF8.GetString(output, 0, length);
                }

                output = new byte[length];
            }
        }
    }
}
