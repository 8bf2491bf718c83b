using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using SemanticKernel.Steering.LlamaCpp.Models;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests;

/// <summary>Opens engines as tests need them: one thread, greedy and short unless a test asks for more.</summary>
internal static class TestEngine
{
    internal static SteeredLlamaOptions Options(string path, params MapSet[] maps)
    {
        var options = new SteeredLlamaOptions { ModelPath = path, Threads = 1, Seed = 1 };
        foreach (var map in maps)
        {
            options.AddConcept(map);
        }

        return options;
    }

    internal static SteeredLlamaEngine Open(SteeredLlamaOptions options) =>
        SteeredLlamaEngine.Load(options, cancellationToken: TestContext.Current.CancellationToken);

    internal static SteeredLlamaEngine Open(string path, params MapSet[] maps) => Open(Options(path, maps));

    internal static SteeredLlamaEngine OpenTinyChat(params MapSet[] maps) => Open(TinyChat.ModelPath, maps);

    internal static ModelLease OpenModel(ModelArchitecture architecture) => OpenModel(TestModelCache.Get(architecture));

    internal static ModelLease OpenModel(string path) =>
        ModelCache.Acquire(ModelSettings.From(Options(path)), NullLogger.Instance, null, TestContext.Current.CancellationToken);

    internal static SteeredLlamaChatClient Client(this SteeredLlamaEngine engine) => new(engine);

    internal static ChatOptions Greedy(int maxTokens = 12) => new() { Temperature = 0, MaxOutputTokens = maxTokens };

    internal static ChatOptions Greedy(string concept, double strength, int maxTokens = 12)
    {
        var options = Greedy(maxTokens);
        options.AdditionalProperties = new AdditionalPropertiesDictionary { [SteeringKeys.Concepts] = new Dictionary<string, double> { [concept] = strength } };
        return options;
    }

    internal static ChatMessage[] User(string text) => [new(ChatRole.User, text)];

    internal static Task<ChatResponse> AskAsync(this SteeredLlamaEngine engine, string text, ChatOptions? options = null) =>
        engine.Client().GetResponseAsync(User(text), options ?? Greedy(), TestContext.Current.CancellationToken);

    internal static IAsyncEnumerable<ChatResponseUpdate> StreamAsync(this SteeredLlamaEngine engine, string text, ChatOptions? options = null) =>
        engine.Client().GetStreamingResponseAsync(User(text), options ?? Greedy(), TestContext.Current.CancellationToken);
}
