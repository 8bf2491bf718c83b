namespace SemanticKernel.Steering.LlamaCpp.DependencyInjection;

/// <summary>What one registration makes of itself in a container: one engine and the client on it. The container owns it.</summary>
internal sealed class SteeredLlamaHost(SteeredLlamaEngine engine) : IDisposable
{
    internal SteeredLlamaEngine Engine { get; } = engine;

    internal SteeredLlamaChatClient ChatClient { get; } = new(engine);

    public void Dispose() => Engine.Dispose();
}
