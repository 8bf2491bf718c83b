using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.TextGeneration;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering;

/// <summary>Continues raw text with a steered model, without a chat template.</summary>
/// <remarks>Thread-safe; concurrent calls share decodes, and wait beyond <see cref="SteeredLlamaOptions.MaxConcurrentRequests"/>. Settings and metadata are those of <see cref="SteeredLlamaChatCompletionService"/>.</remarks>
public sealed class SteeredLlamaTextGenerationService : ITextGenerationService
{
    private readonly SteeredLlamaTextGenerator _generator;

    /// <summary>Creates a service.</summary>
    /// <param name="engine">The engine that answers. The caller disposes it.</param>
    public SteeredLlamaTextGenerationService(SteeredLlamaEngine engine)
    {
        _generator = new SteeredLlamaTextGenerator(engine);
        Attributes = ServiceAttributes.Of(engine.ModelId);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> Attributes { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The prompt is empty, or a setting is out of its range.</exception>
    /// <exception cref="NotSupportedException">A setting is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="SteeringException">Steering failed, or the prompt leaves no room for an answer.</exception>
    public async Task<IReadOnlyList<Microsoft.SemanticKernel.TextContent>> GetTextContentsAsync(
        string prompt, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        var response = await GenerateAsync(prompt, executionSettings, kernel, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);
        return [new Microsoft.SemanticKernel.TextContent(response.Text, response.ModelId, response, metadata: ResponseMetadata.Of(response))];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The prompt is empty, or a setting is out of its range.</exception>
    /// <exception cref="NotSupportedException">A setting is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="SteeringException">Steering failed, or the prompt leaves no room for an answer.</exception>
    public async IAsyncEnumerable<StreamingTextContent> GetStreamingTextContentsAsync(
        string prompt, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in GenerateAsync(prompt, executionSettings, kernel, cancellationToken).ConfigureAwait(false))
        {
            yield return new StreamingTextContent(update.Text, modelId: update.ModelId, innerContent: update, metadata: ResponseMetadata.Of(update));
        }
    }

    private IAsyncEnumerable<ChatResponseUpdate> GenerateAsync(
        string prompt, PromptExecutionSettings? settings, Kernel? kernel, CancellationToken cancellationToken) =>
        _generator.GenerateAsync(prompt, CallSteering.ReadOptions(settings, kernel), cancellationToken);
}
