using Microsoft.Extensions.AI;
using SemanticKernel.Steering.LlamaCpp.Chat;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.States;

/// <summary>Saves conversations an engine has computed and restores them.</summary>
internal static class ConversationStates
{
    internal static async Task<int> SaveAsync(
        SteeredLlamaEngine engine, IEnumerable<ChatMessage> messages, Stream destination, ReadOnlyMemory<byte> key, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CheckKey(key);
        engine.EnsureOpen();
        ChatOptionsReader.RefuseUnsupported(options, engine.ModelId);
        var prompt = engine.Template.Chat.Encode(ChatTurnReader.Read(messages, options?.Instructions), addGenerationPrompt: false);
        if (prompt.Tokens.Length >= engine.ContextSize)
        {
            throw new ContextSizeException(prompt.Tokens.Length, engine.ContextSize);
        }

        using var deadline = new RequestDeadline(engine, cancellationToken, bringsTokens: false);
        var scope = ChatOptionsReader.ReadCacheScope(options);
        var capture = new PrefixCapture();
        await EngineCall.RunAsync(engine, new GenerationRequest
        {
            Prompt = prompt.Tokens,
            PromptKinds = Answer.Classify(prompt),
            Plan = engine.Compile(ChatOptionsReader.ReadRequest(options)),
            Sampling = new SamplerSettings(),
            MaxTokens = 0,
            Stops = new StopMatcher([]),
            Output = new TokenStream(0),
            CancellationToken = deadline.Token,
            CacheScope = scope,
            Capture = capture,
        }, deadline).ConfigureAwait(false);
        await StateEnvelope.WriteAsync(destination, key, StateIdentity.Of(engine, scope), capture.Prefix!, cancellationToken).ConfigureAwait(false);
        return prompt.Tokens.Length;
    }

    internal static async Task<int> RestoreAsync(
        SteeredLlamaEngine engine, Stream source, ReadOnlyMemory<byte> key, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckKey(key);
        engine.EnsureOpen();
        using var deadline = new RequestDeadline(engine, cancellationToken, bringsTokens: false);
        var scope = ChatOptionsReader.ReadCacheScope(options);
        var prefix = await ReadAsync(engine, source, key, scope, deadline).ConfigureAwait(false);
        await EngineCall.RunAsync(
            engine, new RestoreRequest { Prefix = prefix, CacheScope = scope, Output = new TokenStream(0), CancellationToken = deadline.Token }, deadline).ConfigureAwait(false);
        return prefix.Tokens.Length;
    }

    private static async Task<SavedPrefix> ReadAsync(SteeredLlamaEngine engine, Stream source, ReadOnlyMemory<byte> key, string? scope, RequestDeadline deadline)
    {
        try
        {
            return await StateEnvelope.ReadAsync(source, key, StateIdentity.Of(engine, scope), engine.ContextSize, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested)
        {
            throw deadline.ToException();
        }
    }

    private static void CheckKey(ReadOnlyMemory<byte> key)
    {
        if (key.Length < StateEnvelope.ShortestKey)
        {
            throw new ArgumentException($"The key has {key.Length} bytes; it needs at least {StateEnvelope.ShortestKey}.", nameof(key));
        }
    }
}
