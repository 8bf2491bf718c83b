using System.Text;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>
/// A model's chat template: turns conversations into tokens, keeping content out of the template's role. For messages without
/// markers the tokens equal those of <c>llama_tokenize</c> on the whole rendered string with <c>parse_special</c>. Immutable, thread-safe.
/// </summary>
internal sealed class ChatTemplate
{
    private const int QuotedCharacters = 80;

    // Conversations that between them make a template write all its text.
    private static readonly ChatTurnRole[][] Probes =
    [
        [ChatTurnRole.User],
        [ChatTurnRole.User, ChatTurnRole.Assistant],
        [ChatTurnRole.System, ChatTurnRole.User, ChatTurnRole.Assistant, ChatTurnRole.User],
    ];

    private readonly TemplateRenderer _renderer;
    private readonly PromptEncoder _encoder;

    private ChatTemplate(LlamaVocabulary vocabulary, TemplateRenderer renderer, IEnumerable<TemplatePiece> probe, string hashed, string description)
    {
        _renderer = renderer;
        _encoder = new PromptEncoder(vocabulary, probe.Where(piece => !piece.IsContent).Select(piece => piece.Text).ToHashSet());
        Sha256 = Steering.Sha256.HexOf(Encoding.UTF8.GetBytes(hashed));
        Description = description;
    }

    /// <summary>SHA-256 of the template's text, or of <c>builtin:</c> and the name of a template that replaces the model's.</summary>
    internal string Sha256 { get; }

    /// <summary>Says in a few words which template this is, for logs and errors.</summary>
    internal string Description { get; }

    /// <summary>Chooses the template.</summary>
    /// <param name="vocabulary">The model's tokenizer.</param>
    /// <param name="modelTemplate">The template stored in the model file, if any.</param>
    /// <param name="overrideName">The name of one of llama.cpp's built-in templates to use instead, if any.</param>
    /// <exception cref="ChatTemplateException">There is no such built-in template, or the model has none that llama.cpp recognises.</exception>
    internal static ChatTemplate Create(LlamaVocabulary vocabulary, string? modelTemplate, string? overrideName)
    {
        var names = TemplateRenderer.ListBuiltInNames();
        if (!string.IsNullOrWhiteSpace(overrideName) && !names.Contains(overrideName))
        {
            throw new ChatTemplateException($"The option ChatTemplate is '{overrideName}', which llama.cpp does not know. It knows: {string.Join(", ", names)}.");
        }

        if (!string.IsNullOrWhiteSpace(overrideName))
        {
            var chosen = new TemplateRenderer(overrideName);
            return new ChatTemplate(vocabulary, chosen, Probe(chosen)!, "builtin:" + overrideName, $"built-in template '{overrideName}'");
        }

        if (string.IsNullOrWhiteSpace(modelTemplate))
        {
            throw new ChatTemplateException($"The model has no chat template. Set the option ChatTemplate to one of: {string.Join(", ", names)}.");
        }

        var renderer = new TemplateRenderer(modelTemplate);
        var probe = Probe(renderer) ?? throw new ChatTemplateException(
            $"llama.cpp does not recognise the model's chat template, which begins: {Quote(modelTemplate)} " +
            $"Set the option ChatTemplate to one of: {string.Join(", ", names)}.");
        var twin = names.FirstOrDefault(name => Probe(new TemplateRenderer(name))?.SequenceEqual(probe) == true);
        return new ChatTemplate(vocabulary, renderer, probe, modelTemplate, $"the model's own template, taken for '{twin ?? "unknown"}'");
    }

    /// <summary>Encodes a conversation.</summary>
    /// <param name="turns">The messages in order; at least one.</param>
    /// <param name="addGenerationPrompt">Whether the header of the next answer follows.</param>
    /// <exception cref="ChatTemplateException">The template has no place for a message, or a message cannot be encoded safely.</exception>
    internal EncodedPrompt Encode(IReadOnlyList<ChatTurn> turns, bool addGenerationPrompt) => turns.Count > 0
        ? _encoder.Encode(ConversationLayout.Render(_renderer, Description, turns, addGenerationPrompt))
        : throw new ArgumentException("A conversation needs at least one message.", nameof(turns));

    /// <summary>Encodes text for completion without any template. It is content from end to end, and no more trusted than a message.</summary>
    /// <exception cref="ChatTemplateException">The text cannot be encoded safely.</exception>
    internal EncodedPrompt EncodeText(string text) => _encoder.Encode(PromptText.OfContent(ContentText.Normalize(text, turn: 0)));

    private static List<TemplatePiece>? Probe(TemplateRenderer renderer)
    {
        var pieces = new List<TemplatePiece>();
        foreach (var roles in Probes)
        {
            foreach (var addGenerationPrompt in (bool[])[false, true])
            {
                if (renderer.Render(roles, new bool[roles.Length], addGenerationPrompt) is not { } rendered)
                {
                    return null;
                }

                pieces.AddRange(rendered);
            }
        }

        return pieces;
    }

    private static string Quote(string template)
    {
        var line = template.ReplaceLineEndings(" ").Trim();
        return line.Length <= QuotedCharacters ? $"\"{line}\"." : $"\"{line[..QuotedCharacters]}…\".";
    }
}
