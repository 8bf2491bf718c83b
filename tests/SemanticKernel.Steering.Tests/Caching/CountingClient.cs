using Microsoft.Extensions.AI;

namespace SemanticKernel.Steering.Tests.Caching;

/// <summary>Counts the calls that reach the model.</summary>
internal sealed class CountingClient(IChatClient inner) : DelegatingChatClient(inner)
{
    internal int Calls { get; private set; }

    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Calls++;
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }
}
