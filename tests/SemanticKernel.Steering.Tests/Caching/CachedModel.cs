using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Tests.Caching;

/// <summary>A configured model behind a response cache, in a folder of its own.</summary>
internal sealed class CachedModel : IDisposable
{
    internal const string Family = "family";
    internal const string Research = "research";

    private const string Strength = "SteeredLlama:Policies:family:Concepts:toxicity:Strength";

    private readonly string _folder = Directory.CreateTempSubdirectory("steering-cache-").FullName;
    private readonly IConfigurationRoot _configuration;
    private readonly SteeredLlamaEngine _engine;
    private readonly SteeredLlamaChatClient _client;

    internal CachedModel(TinyChatFixture tinyChat)
    {
        var map = Path.Combine(_folder, "toxicity.safetensors");
        tinyChat.Toxicity.Save(map);
        _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SteeredLlama:ModelId"] = TinyChatFixture.ModelId,
            ["SteeredLlama:ModelPath"] = TinyChatFixture.ModelPath,
            ["SteeredLlama:Threads"] = "1",
            ["SteeredLlama:Seed"] = "7",
            ["SteeredLlama:Concepts:toxicity:Map"] = map,
            ["SteeredLlama:DefaultPolicy"] = Family,
            [Strength] = "1",
            ["SteeredLlama:Policies:family:Concepts:toxicity:Min"] = "0.5",
            ["SteeredLlama:Policies:family:Concepts:toxicity:Max"] = "2",
            ["SteeredLlama:Policies:family:Concepts:toxicity:Override"] = "Within",
            ["SteeredLlama:Policies:research:Concepts:toxicity:Strength"] = "0",
            ["SteeredLlama:Policies:research:Concepts:toxicity:Min"] = "-2",
            ["SteeredLlama:Policies:research:Concepts:toxicity:Max"] = "2",
            ["SteeredLlama:Policies:research:Concepts:toxicity:Override"] = "Within",
        }).Build();
        _engine = SteeredLlamaEngine.Load(SteeredLlamaOptions.FromConfiguration(_configuration.GetSection("SteeredLlama")));
        _client = new SteeredLlamaChatClient(_engine);
        Model = new CountingClient(_client);
    }

    /// <summary>What stands below the cache.</summary>
    internal CountingClient Model { get; }

    internal IDistributedCache Cache { get; } = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));

    /// <summary>The pipeline the documentation asks for.</summary>
    internal IChatClient Right(Func<IEnumerable<ChatMessage>, ChatOptions?, SteeringRequest?>? choose = null) =>
        new ChatClientBuilder(Model).UseSteering(choose).UseDistributedCache(Cache).Build();

    internal IChatClient WithoutSteering() => new ChatClientBuilder(Model).UseDistributedCache(Cache).Build();

    internal IChatClient CacheOutside() => new ChatClientBuilder(Model).UseDistributedCache(Cache).UseSteering().Build();

    internal void ChangeStrength(string strength)
    {
        _configuration[Strength] = strength;
        _configuration.Reload();
        var wanted = double.Parse(strength, System.Globalization.CultureInfo.InvariantCulture);
        SpinWait.SpinUntil(() => _engine.Policies[Family].Concepts[0].Strength == wanted);
    }

    public void Dispose()
    {
        Model.Dispose();
        _client.Dispose();
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
