using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.LlamaCpp.Chat;

/// <summary>Lays a request that trusted code chooses over what each call asks for.</summary>
internal sealed class SteeringChatClient : DelegatingChatClient
{
    private readonly Func<IEnumerable<ChatMessage>, ChatOptions?, SteeringRequest?>? _choose;
    private readonly SteeredLlamaEngine _engine;

    /// <exception cref="InvalidOperationException">The pipeline does not lead to a steered model.</exception>
    internal SteeringChatClient(IChatClient innerClient, Func<IEnumerable<ChatMessage>, ChatOptions?, SteeringRequest?>? choose)
        : base(innerClient)
    {
        _choose = choose;
        _engine = innerClient.GetService<SteeredLlamaEngine>()
            ?? throw new InvalidOperationException($"UseSteering needs a pipeline that ends in a {nameof(SteeredLlamaChatClient)}; otherwise steering would be lost.");
    }

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var list = AsList(messages);
        var response = await base.GetResponseAsync(list, Choose(list, options), cancellationToken).ConfigureAwait(false);
        CachedReport.Restore(response.AdditionalProperties);
        foreach (var message in response.Messages)
        {
            CachedReport.Restore(message.AdditionalProperties);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var list = AsList(messages);
        await foreach (var update in base.GetStreamingResponseAsync(list, Choose(list, options), cancellationToken).ConfigureAwait(false))
        {
            CachedReport.Restore(update.AdditionalProperties);
            yield return update;
        }
    }

    private static IReadOnlyList<ChatMessage> AsList(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages as IReadOnlyList<ChatMessage> ?? [.. messages];
    }

    private ChatOptions Choose(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        var request = SteeringRequestMerge.Merge(ChatOptionsReader.ReadRequest(options), _choose?.Invoke(messages, options))!;

        // The caller's options are shared; the choice is this call's alone.
        var own = options?.Clone() ?? new ChatOptions();
        own.AdditionalProperties = own.AdditionalProperties is null ? [] : new AdditionalPropertiesDictionary(own.AdditionalProperties);
        own.AdditionalProperties[SteeringKeys.Request] = request;

        // A response cache further in keys on the options, and an answer is only as good as the plan it was made under.
        own.AdditionalProperties[SteeringKeys.Fingerprint] = Answer.FingerprintOf(_engine.Steering.Resolve(request));
        return own;
    }
}
