using SemanticKernel.Steering.LlamaCpp.Chat.Templates;
using SemanticKernel.Steering.LlamaCpp.Models;

namespace SemanticKernel.Steering.LlamaCpp.Text;

/// <summary>Turns raw text into tokens. Markers of the chat template are disarmed in it where the model has one. Thread-safe.</summary>
internal sealed class TextEncoder(LlamaVocabulary vocabulary, ChatTemplate? template)
{
    private readonly PromptEncoder _encoder = new(vocabulary, []);

    /// <exception cref="ChatTemplateException">The text cannot be encoded safely.</exception>
    internal EncodedPrompt Encode(string text) =>
        template?.EncodeText(text) ?? _encoder.Encode(PromptText.OfContent(ContentText.Normalize(text, turn: 0)));
}
