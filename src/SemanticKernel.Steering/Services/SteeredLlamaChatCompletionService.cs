using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering;

/// <summary>Chat completion with a steered model.</summary>
/// <remarks>
/// Thread-safe; concurrent calls share decodes, and wait beyond <see cref="SteeredLlamaOptions.MaxConcurrentRequests"/>. Settings
/// of every type are understood, see <see cref="SteeredLlamaPromptExecutionSettings.FromExecutionSettings"/>. The metadata of an
/// answer, when streaming those of its last part, hold <c>FinishReason</c> (text), <c>Usage</c> (<see cref="UsageDetails"/>) and
/// the <see cref="SteeringReport"/> under <see cref="SteeringKeys.Report"/>; <c>Id</c>, <c>ModelId</c> and <c>CreatedAt</c> stand
/// in those of every part.
/// </remarks>
public sealed class SteeredLlamaChatCompletionService : IChatCompletionService
{
    private readonly IChatClient _client;

    /// <summary>Creates a service.</summary>
    /// <param name="client">A <see cref="SteeredLlamaChatClient"/>, or a pipeline that ends in one. The caller disposes it.</param>
    /// <exception cref="ArgumentException">The client does not lead to a <see cref="SteeredLlamaEngine"/>, so steering would be lost.</exception>
    public SteeredLlamaChatCompletionService(IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var engine = client.GetService<SteeredLlamaEngine>()
            ?? throw new ArgumentException($"The client does not lead to a {nameof(SteeredLlamaEngine)}: steering would be lost.", nameof(client));
        _client = client;
        Attributes = ServiceAttributes.Of(engine.ModelId);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, object?> Attributes { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The history is empty or holds no user message, or a setting is out of its range.</exception>
    /// <exception cref="NotSupportedException">A setting, role or content is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="SteeringException">Steering failed, or the prompt leaves no room for an answer.</exception>
    public async Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default)
    {
        var messages = ChatHistoryReader.Read(chatHistory);
        var response = await _client.GetResponseAsync(messages, CallSteering.ReadOptions(executionSettings, kernel), cancellationToken).ConfigureAwait(false);
        return [new ChatMessageContent(AuthorRole.Assistant, response.Text, response.ModelId, response, metadata: ResponseMetadata.Of(response))];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The history is empty or holds no user message, or a setting is out of its range.</exception>
    /// <exception cref="NotSupportedException">A setting, role or content is not supported; the message names it.</exception>
    /// <exception cref="SteeringPolicyException">A concept is unknown or a strength is not allowed.</exception>
    /// <exception cref="SteeringException">Steering failed, or the prompt leaves no room for an answer.</exception>
    public IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
        ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
        StreamAsync(ChatHistoryReader.Read(chatHistory), CallSteering.ReadOptions(executionSettings, kernel), cancellationToken);

    private async IAsyncEnumerable<StreamingChatMessageContent> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in _client.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            yield return new StreamingChatMessageContent(
                AuthorRole.Assistant, update.Text, update, modelId: update.ModelId, metadata: ResponseMetadata.Of(update));
        }
    }
}
