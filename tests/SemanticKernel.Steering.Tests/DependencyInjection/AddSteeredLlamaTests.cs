using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;
using Microsoft.SemanticKernel.TextGeneration;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Tests.DependencyInjection;

public sealed class AddSteeredLlamaTests(TinyChatFixture tinyChat)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void ReturnsTheSameBuilderAndCollection()
    {
        var builder = Kernel.CreateBuilder();
        var services = new ServiceCollection();

        Assert.Same(builder, builder.AddSteeredLlama("a", "model.gguf"));
        Assert.Same(services, services.AddSteeredLlama("a", "model.gguf"));
    }

    [Theory]
    [InlineData(null, "model.gguf", null)]
    [InlineData("", "model.gguf", null)]
    [InlineData("a", null, null)]
    [InlineData("a", " ", null)]
    [InlineData("a", "model.gguf", " ")]
    public void EmptyArgument_Throws(string? modelId, string? modelPath, string? serviceId)
    {
        Assert.ThrowsAny<ArgumentException>(() => Kernel.CreateBuilder().AddSteeredLlama(modelId!, modelPath!, serviceId: serviceId));
        Assert.ThrowsAny<ArgumentException>(() => new ServiceCollection().AddSteeredLlama(modelId!, modelPath!, serviceId: serviceId));
    }

    [Fact]
    public void NothingToAddTo_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => ((IKernelBuilder)null!).AddSteeredLlama("a", "model.gguf"));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddSteeredLlama("a", "model.gguf"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guarded")]
    public async Task OneEngine_StandsBehindAllInterfaces(string? serviceId)
    {
        using var log = new CountingLoggerProvider();
        var builder = Kernel.CreateBuilder();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        var kernel = builder.AddSteeredLlama("a", TinyChatFixture.ModelPath, tinyChat.Configure, serviceId).Build();
        using var services = (IDisposable)kernel.Services;

        var chat = kernel.GetRequiredService<IChatCompletionService>(serviceId);
        var text = kernel.GetRequiredService<ITextGenerationService>(serviceId);
        var client = kernel.GetRequiredService<IChatClient>(serviceId);

        Assert.NotEmpty((await chat.GetChatMessageContentAsync("Hello.", cancellationToken: Cancel)).ToString());
        Assert.NotNull((await text.GetTextContentAsync("Hello", cancellationToken: Cancel)).Text);
        Assert.NotEmpty((await client.GetResponseAsync("Hello.", cancellationToken: Cancel)).Text);
        Assert.Equal(1, log.OpenedEngines);
        Assert.Same(kernel.GetRequiredService<SteeredLlamaEngine>(serviceId), client.GetService<SteeredLlamaEngine>());
        Assert.Single(kernel.GetAllServices<IChatCompletionService>());
        Assert.Single(kernel.GetAllServices<ITextGenerationService>());
        Assert.Single(kernel.GetAllServices<IChatClient>());
        Assert.Single(kernel.GetAllServices<SteeredLlamaEngine>());
        Assert.Equal("a", chat.GetModelId());
        Assert.Equal("a", text.GetModelId());
    }

    [Fact]
    public async Task ServiceSelection_FollowsServiceIdThenModelId()
    {
        var kernel = Kernel.CreateBuilder()
            .AddSteeredLlama("first", TinyChatFixture.ModelPath, tinyChat.Configure)
            .AddSteeredLlama("second", TinyChatFixture.ModelPath, tinyChat.Configure, "guarded")
            .AddSteeredLlama("third", TinyChatFixture.ModelPath, tinyChat.Configure)
            .Build();
        using var services = (IDisposable)kernel.Services;

        // When neither is named Semantic Kernel takes the last of all services grouped by service id, not the last registered.
        Assert.Equal("second", await AnsweringModel(kernel, null));
        Assert.Equal("second", await AnsweringModel(kernel, new()));
        Assert.Equal("third", kernel.GetRequiredService<IChatCompletionService>().GetModelId());
        Assert.Equal("second", await AnsweringModel(kernel, new() { ServiceId = "guarded" }));
        Assert.Equal("first", await AnsweringModel(kernel, new() { ModelId = "first" }));
        Assert.Equal("second", await AnsweringModel(kernel, new() { ModelId = "second" }));
        Assert.Equal("third", await AnsweringModel(kernel, new() { ModelId = "third" }));
        Assert.Equal(3, kernel.GetAllServices<SteeredLlamaEngine>().Select(engine => engine.Model).Count());
        Assert.Single(kernel.GetAllServices<SteeredLlamaEngine>().Select(engine => engine.Model).Distinct());
    }

    [Fact]
    public async Task ServiceSelection_UnknownServiceOrModel_IsAnErrorNotAnotherModel()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => AnsweringModel(tinyChat.Kernel, new() { ServiceId = "other" }));
        await Assert.ThrowsAnyAsync<Exception>(() => AnsweringModel(tinyChat.Kernel, new() { ModelId = "other" }));
    }

    [Fact]
    public async Task Host_WithAddKernel_FindsTheDefaultAndTheKeyedModel()
    {
        var services = new ServiceCollection();
        services.AddKernel().AddSteeredLlama("default", TinyChatFixture.ModelPath, tinyChat.Configure);
        services.AddSteeredLlama("other", TinyChatFixture.ModelPath, tinyChat.Configure, "guarded");
        using var provider = services.BuildServiceProvider();

        var kernel = provider.GetRequiredService<Kernel>();
        var again = provider.GetRequiredService<Kernel>();

        Assert.NotSame(kernel, again);
        Assert.Same(kernel.GetRequiredService<IChatCompletionService>(), again.GetRequiredService<IChatCompletionService>());
        Assert.Equal("default", await AnsweringModel(kernel, null));
        Assert.Equal("default", await AnsweringModel(kernel, new() { ModelId = "default" }));
        Assert.Equal("other", await AnsweringModel(kernel, new() { ServiceId = "guarded" }));
    }

    [Fact]
    public async Task Host_WithAddKernelAndAKeyedModelOnly_FindsItByServiceIdOnly()
    {
        var services = new ServiceCollection();
        services.AddKernel().AddSteeredLlama("other", TinyChatFixture.ModelPath, tinyChat.Configure, "guarded");
        using var provider = services.BuildServiceProvider();
        var kernel = provider.GetRequiredService<Kernel>();

        Assert.Equal("other", await AnsweringModel(kernel, new() { ServiceId = "guarded" }));
        await Assert.ThrowsAsync<KernelException>(() => AnsweringModel(kernel, null));
    }

    [Fact]
    public async Task DisposingTheKernelsServices_ClosesTheEngine()
    {
        var kernel = Kernel.CreateBuilder().AddSteeredLlama("a", TinyChatFixture.ModelPath, tinyChat.Configure).Build();
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var text = kernel.GetRequiredService<ITextGenerationService>();

        ((IDisposable)kernel.Services).Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => chat.GetChatMessageContentAsync("Hello.", cancellationToken: Cancel));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => text.GetTextContentAsync("Hello", cancellationToken: Cancel));
    }

    private static async Task<string> AnsweringModel(Kernel kernel, PromptExecutionSettings? settings)
    {
        var arguments = settings is null
            ? new KernelArguments()
            : new KernelArguments { ExecutionSettings = new Dictionary<string, PromptExecutionSettings> { [settings.ServiceId ?? PromptExecutionSettings.DefaultServiceId] = settings } };
        var result = await kernel.InvokePromptAsync("Hello.", arguments, cancellationToken: Cancel);
        return (string)result.Metadata!["ModelId"]!;
    }
}
