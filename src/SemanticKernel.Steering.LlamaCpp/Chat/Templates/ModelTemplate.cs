using SemanticKernel.Steering.LlamaCpp.Text;

namespace SemanticKernel.Steering.LlamaCpp.Chat.Templates;

/// <summary>The chat template in use for a model. A model without a usable one can still continue raw text, so the error waits until a chat needs it.</summary>
internal sealed class ModelTemplate
{
    private readonly ChatTemplate? _template;
    private readonly ChatTemplateException? _error;

    /// <exception cref="ChatTemplateException">A template asked for by name does not exist.</exception>
    internal ModelTemplate(LlamaModel model, string? overrideName)
    {
        try
        {
            _template = ChatTemplate.Create(model.Vocabulary, model.ChatTemplate, overrideName);
        }
        catch (ChatTemplateException error) when (string.IsNullOrWhiteSpace(overrideName))
        {
            _error = error;
        }

        Texts = new TextEncoder(model.Vocabulary, _template);
    }

    /// <exception cref="ChatTemplateException">The model has no usable template.</exception>
    internal ChatTemplate Chat => _template ?? throw new ChatTemplateException(_error!.Message, _error);

    internal string? Sha256 => _template?.Sha256;

    internal TextEncoder Texts { get; }
}
