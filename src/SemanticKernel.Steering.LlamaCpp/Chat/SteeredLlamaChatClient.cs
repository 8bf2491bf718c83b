using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// An <see cref="IChatClient"/> on a <see cref="SteeredLlamaEngine"/>. What a call asks of its concepts travels in
/// <see cref="ChatOptions.AdditionalProperties"/> under <see cref="SteeringKeys.Request"/> or <see cref="SteeringKeys.Concepts"/>.
/// </summary>
/// <remarks>
/// Thread-safe; concurrent calls are queued. Message contents are plain text to the model whatever they hold: chat markers
/// in them never become control tokens. Samplers default to llama.cpp's: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05.
/// Options that are not supported raise <see cref="NotSupportedException"/> and are never ignored.
/// </remarks>
public sealed class SteeredLlamaChatClient : IChatClient
{
    private readonly SteeredLlamaEngine _engine;
    private readonly bool _ownsEngine;
    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates a client.</summary>
    /// <param name="engine">The engine that answers.</param>
    /// <param name="ownsEngine">Whether disposing the client disposes the engine.</param>
    public SteeredLlamaChatClient(SteeredLlamaEngine engine, bool ownsEngine = false)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _ownsEngine = ownsEngine;
        _metadata = new ChatClientMetadata("llama.cpp", providerUri: null, engine.ModelId);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no user message to answer, or an option is out of its range.</exception>
    /// <exception cref="NotSupportedException">An option, role or content is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="ContextSizeException">The prompt leaves no room for an answer.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    /// <exception cref="SteeringException">Steering failed; no part of the answer after the fault is given out.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

        // Properties of updates end up on the message they belong to.
        if (response.Messages is [.., { AdditionalProperties: { } properties }] && properties.TryGetValue(SteeringKeys.Report, out var report))
        {
            (response.AdditionalProperties ??= [])[SteeringKeys.Report] = report;
        }

        return response;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no user message to answer, or an option is out of its range.</exception>
    /// <exception cref="NotSupportedException">An option, role or content is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="ContextSizeException">The prompt leaves no room for an answer.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    /// <exception cref="SteeringException">Steering failed; no part of the answer after the fault is given out.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        _engine.EnsureOpen();
        ChatOptionsReader.RefuseUnsupported(options, _engine.ModelId);
        var prompt = _engine.Template.Chat.Encode(ChatTurnReader.Read(messages, options?.Instructions), addGenerationPrompt: true);
        await foreach (var update in Answer.StreamAsync(_engine, "chat", prompt, options, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    /// <summary>Gives metadata and the engine's public face. Nothing it returns leads around the policy.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Must be null.</param>
    /// <returns>The service, or null.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        return serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(SteeredLlamaEngine) ? _engine
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Disposes the engine if the client owns it.</summary>
    public void Dispose()
    {
        if (_ownsEngine)
        {
            _engine.Dispose();
        }
    }
}
