using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Tests.DependencyInjection;

public sealed class SteeredLlamaServiceCollectionExtensionsTests(TinyChatFixture tinyChat)
{
    [Fact]
    public void AddSteeredLlamaChatClient_ReturnsTheSameCollection()
    {
        var services = new ServiceCollection();

        Assert.Same(services, services.AddSteeredLlamaChatClient("a", TinyChatFixture.ModelPath));
    }

    [Theory]
    [InlineData(null, "model.gguf", null)]
    [InlineData(" ", "model.gguf", null)]
    [InlineData("a", null, null)]
    [InlineData("a", "", null)]
    [InlineData("a", "model.gguf", "")]
    public void AddSteeredLlamaChatClient_EmptyArgument_Throws(string? modelId, string? modelPath, string? serviceId) =>
        Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddSteeredLlamaChatClient(modelId!, modelPath!, serviceId: serviceId));

    [Fact]
    public void AddSteeredLlamaChatClient_NoCollection_Throws() =>
        Assert.Throws<ArgumentNullException>(() => SteeredLlamaServiceCollectionExtensions.AddSteeredLlamaChatClient(null!, "a", "model.gguf"));

    [Fact]
    public void Engine_IsOpenedAtFirstUse()
    {
        using var provider = new ServiceCollection().AddSteeredLlamaChatClient("a", "there-is-no-such.gguf").BuildServiceProvider();

        Assert.Throws<FileNotFoundException>(() => provider.GetRequiredService<IChatClient>());
        Assert.Throws<FileNotFoundException>(() => provider.GetRequiredService<SteeredLlamaEngine>());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guarded")]
    public async Task Client_AndEngine_AreOne(string? serviceId)
    {
        using var log = new CountingLoggerProvider();
        using var provider = new ServiceCollection()
            .AddLogging(builder => builder.AddProvider(log))
            .AddSteeredLlamaChatClient("a", TinyChatFixture.ModelPath, tinyChat.Configure, serviceId)
            .BuildServiceProvider();

        var client = provider.GetRequiredKeyedService<IChatClient>(serviceId);
        var engine = provider.GetRequiredKeyedService<SteeredLlamaEngine>(serviceId);

        Assert.Same(engine, client.GetService<SteeredLlamaEngine>());
        Assert.Same(client, provider.GetRequiredKeyedService<IChatClient>(serviceId));
        Assert.Equal("a", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Equal(1, log.OpenedEngines);
        Assert.NotEmpty((await client.GetResponseAsync("Hello.", cancellationToken: TestContext.Current.CancellationToken)).Text);
        Assert.Equal(serviceId is null, provider.GetService<IChatClient>() is not null);
    }

    [Fact]
    public void TwoCallsWithoutServiceId_HaveAnEngineEach()
    {
        using var provider = new ServiceCollection()
            .AddSteeredLlamaChatClient("a", TinyChatFixture.ModelPath, tinyChat.Configure)
            .AddSteeredLlamaChatClient("b", TinyChatFixture.ModelPath, tinyChat.Configure)
            .BuildServiceProvider();

        var clients = provider.GetServices<IChatClient>().ToArray();
        var engines = provider.GetServices<SteeredLlamaEngine>().ToArray();

        Assert.Equal(["a", "b"], engines.Select(engine => engine.ModelId));
        Assert.Equal(engines, clients.Select(client => client.GetService<SteeredLlamaEngine>()!));
        Assert.Same(clients[1], provider.GetRequiredService<IChatClient>());
        Assert.Same(engines[0].Model, engines[1].Model);
    }

    [Fact]
    public async Task DisposingTheClient_LeavesTheEngineOpen()
    {
        using var provider = new ServiceCollection().AddSteeredLlamaChatClient("a", TinyChatFixture.ModelPath, tinyChat.Configure).BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();

        client.Dispose();

        Assert.NotEmpty((await client.GetResponseAsync("Hello.", cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task DisposingTheContainer_ClosesTheEngine()
    {
        var provider = new ServiceCollection().AddSteeredLlamaChatClient("a", TinyChatFixture.ModelPath, tinyChat.Configure).BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();
        var engine = provider.GetRequiredService<SteeredLlamaEngine>();

        await provider.DisposeAsync();
        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync("Hello.", cancellationToken: TestContext.Current.CancellationToken));
        Assert.NotEmpty((await tinyChat.Kernel.GetRequiredService<IChatClient>().GetResponseAsync("Hello.", cancellationToken: TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task DisposingTheEngine_FromManyThreads_DuringAnAnswer_EndsItWithAnError()
    {
        var engine = SteeredLlamaEngine.Load(new SteeredLlamaOptions { ModelPath = TinyChatFixture.ModelPath, Threads = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        using var client = new SteeredLlamaChatClient(engine);
        var answers = Enumerable.Range(0, 4).Select(_ => client.GetResponseAsync("Please tell me a story about a duck.", cancellationToken: TestContext.Current.CancellationToken)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(engine.Dispose, TestContext.Current.CancellationToken)));

        foreach (var answer in answers)
        {
            try
            {
                Assert.NotEmpty((await answer).Text);
            }
            catch (ObjectDisposedException)
            {
                // The usual case; an answer that was complete before is fine too.
            }
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync("Hello.", cancellationToken: TestContext.Current.CancellationToken));
    }
}
