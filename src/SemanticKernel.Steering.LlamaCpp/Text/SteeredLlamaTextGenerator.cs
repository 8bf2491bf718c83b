using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>Continues raw text, without a chat template. The text is content: special tokens in it stay text, and the same policy holds as for chat.</summary>
/// <remarks>Thread-safe; concurrent calls share decodes, and wait beyond <see cref="SteeredLlamaOptions.MaxConcurrentRequests"/>.</remarks>
public sealed class SteeredLlamaTextGenerator
{
    private readonly SteeredLlamaEngine _engine;

    /// <summary>Creates a generator.</summary>
    /// <param name="engine">The engine that answers.</param>
    public SteeredLlamaTextGenerator(SteeredLlamaEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
    }

    /// <summary>The name of the model.</summary>
    public string ModelId => _engine.ModelId;

    /// <summary>Continues a text.</summary>
    /// <param name="text">The text; it must not be empty.</param>
    /// <param name="options">As for <see cref="SteeredLlamaChatClient"/>; <see cref="ChatOptions.Instructions"/> is not supported.</param>
    /// <param name="cancellationToken">Stops the answer.</param>
    /// <returns>The parts of the continuation; the last one brings finish reason, usage and the <see cref="SteeringReport"/>.</returns>
    /// <exception cref="ArgumentException">The text is empty, or an option is out of its range.</exception>
    /// <exception cref="NotSupportedException">An option is not supported; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    /// <exception cref="SteeringException">As for <see cref="SteeredLlamaChatClient"/>.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GenerateAsync(
        string text, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        _engine.EnsureOpen();
        ChatOptionsReader.RefuseUnsupported(options, _engine.ModelId);
        if (!string.IsNullOrEmpty(options?.Instructions))
        {
            throw new NotSupportedException("ChatOptions.Instructions is not supported for raw text, which has no place for a system message.");
        }

        var prompt = _engine.Template.Texts.Encode(text);
        await foreach (var update in Answer.StreamAsync(_engine, "text_completion", prompt, options, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }
}
