using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.Tests.Filters;

/// <summary>A model that calls a tool for some turns, then answers. Records what steering each turn was asked for.</summary>
internal sealed class ScriptedToolClient(params string[] tools) : IChatClient
{
    internal List<SteeringRequest?> Asked { get; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var turn = Asked.Count % (tools.Length + 1);
        Asked.Add(options?.AdditionalProperties?.TryGetValue(SteeringKeys.Request, out var request) is true ? (SteeringRequest?)request : null);
        AIContent content = turn < tools.Length ? new FunctionCallContent($"call{turn}", tools[turn]) : new TextContent("Done.");
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [content])));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted") : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
