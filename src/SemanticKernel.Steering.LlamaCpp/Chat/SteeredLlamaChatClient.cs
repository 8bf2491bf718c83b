using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat;
using SemanticKernel.Steering.LlamaCpp.States;

namespace SemanticKernel.Steering.LlamaCpp;

/// <summary>
/// An <see cref="IChatClient"/> on a <see cref="SteeredLlamaEngine"/>. What a call asks of its concepts travels in
/// <see cref="ChatOptions.AdditionalProperties"/> under <see cref="SteeringKeys.Request"/> or <see cref="SteeringKeys.Concepts"/>.
/// </summary>
/// <remarks>
/// Thread-safe; concurrent calls share decodes, and wait beyond <see cref="SteeredLlamaOptions.MaxConcurrentRequests"/>. Message
/// contents are plain text to the model whatever they hold: chat markers in them never become control tokens. Samplers default
/// to llama.cpp's: temperature 0.8, top-k 40, top-p 0.95, min-p 0.05. Options that are not supported raise <see cref="NotSupportedException"/> and are never ignored.
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

    /// <summary>
    /// Saves the computed state of a conversation, so that it can be taken up again after a restart without reading it anew. What
    /// is not in the cache is computed first, under what the options ask for.
    /// </summary>
    /// <remarks>
    /// The state holds the conversation's tokens and is protected against changes, not against readers: encrypt it where others
    /// could read it. It fits the same model file, chat template, <see cref="KvCacheType"/> and llama.cpp version only.
    /// </remarks>
    /// <param name="messages">The conversation so far, answers included.</param>
    /// <param name="destination">Where the state goes: for every token what the KV cache takes.</param>
    /// <param name="key">A secret of the application, at least 32 bytes of randomness; restoring needs the same.</param>
    /// <param name="options">The options of the conversation's calls: steering and cache scope hold for the state too.</param>
    /// <param name="cancellationToken">Stops saving.</param>
    /// <returns>How many tokens were saved.</returns>
    /// <exception cref="ArgumentException">The key is too short, there is no user message, or an option is out of its range.</exception>
    /// <exception cref="NotSupportedException">An option, role or content is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="ContextSizeException">The conversation fills the context.</exception>
    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    /// <exception cref="SteeringException">Steering failed.</exception>
    public Task<int> SaveConversationAsync(
        IEnumerable<ChatMessage> messages, Stream destination, ReadOnlyMemory<byte> key, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ConversationStates.SaveAsync(_engine, messages, destination, key, options, cancellationToken);

    /// <summary>
    /// Puts a saved conversation back into the cache. The next call that continues it computes only what is new to it; one that
    /// asks for other steering does not use it. Like every kept conversation it gives way when room is needed.
    /// </summary>
    /// <remarks>Nothing of the state is interpreted before its code was checked with the key.</remarks>
    /// <param name="source">Where the state begins. It is read up to its own end.</param>
    /// <param name="key">The key it was saved with.</param>
    /// <param name="options">Options with the cache scope the state was saved under; everything else in them is ignored.</param>
    /// <param name="cancellationToken">Stops restoring.</param>
    /// <returns>How many tokens were restored.</returns>
    /// <exception cref="ArgumentException">The key is too short.</exception>
    /// <exception cref="ConversationStateException">The state is damaged, of another key, or of another model, setting or cache scope. The engine goes on as before.</exception>
    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="ObjectDisposedException">The engine is closed.</exception>
    public Task<int> RestoreConversationAsync(
        Stream source, ReadOnlyMemory<byte> key, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ConversationStates.RestoreAsync(_engine, source, key, options, cancellationToken);

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
