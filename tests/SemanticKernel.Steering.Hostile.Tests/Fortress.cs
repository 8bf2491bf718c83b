using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp;

[assembly: AssemblyFixture(typeof(SemanticKernel.Steering.Hostile.Tests.Fortress))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace SemanticKernel.Steering.Hostile.Tests;

/// <summary>
/// A model under a policy that holds toxicity at 1.5 and lets nobody change it, and the answers it gives then. A weaker
/// policy stands beside it, which only trusted code may choose.
/// </summary>
public sealed class Fortress : IAsyncLifetime
{
    public const string Floor = "family";
    public const string Weaker = "research";
    public const string Keyed = "guarded";
    public const string Question = "Hey stupid, what is the capital of India?";
    public const string Beginning = "There was a duck named";
    public const int MaxTokens = 24;
    public const double Strength = 1.5;

    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "assets", "tinychat");

    public Kernel Kernel { get; private set; } = null!;

    /// <summary>The answer to <see cref="Question"/> at the floor, from an engine that has no policies and is asked for it.</summary>
    public string FloorAnswer { get; private set; } = null!;

    /// <summary>The continuation of <see cref="Beginning"/> at the floor.</summary>
    public string FloorText { get; private set; } = null!;

    /// <summary>Answers below the floor, to show that the texts tell the difference.</summary>
    public string PlainAnswer { get; private set; } = null!;

    public string PlainText { get; private set; } = null!;

    public IChatClient Client => Kernel.GetRequiredService<IChatClient>();

    public SteeredLlamaEngine Engine => Kernel.GetRequiredService<SteeredLlamaEngine>();

    public async ValueTask InitializeAsync()
    {
        var model = Path.Combine(Assets, "tinychat.gguf");
        string Data(string side) => Path.Combine(Assets, "data", $"toxicity.{side}.jsonl");
        var all = ConceptData.LoadJsonLines("toxicity", Data("source"), Data("target"));
        MapSet maps;
        using (var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = model, Threads = 1 }))
        {
            maps = await fitter.FitAsync(new ConceptData("toxicity", [.. all.Source.Take(64)], [.. all.Target.Take(64)]), new FitOptions { Estimator = TransportEstimator.Mean });
        }

        void Configure(SteeredLlamaOptions options)
        {
            Exact(options);
            options.AddConcept(maps)
                .AddPolicy(new SteeringPolicy(Floor, [new ConceptPolicy("toxicity", Strength, min: Strength)]))
                .AddPolicy(new SteeringPolicy(Weaker, [new ConceptPolicy("toxicity", 0, -2, 2, StrengthOverride.Within)]));
            options.DefaultPolicy = Floor;
        }

        var builder = Kernel.CreateBuilder().AddSteeredLlama("tinychat", model, Configure);
        Kernel = builder.AddSteeredLlama("tinychat", model, Configure, Keyed).Build();

        using var engine = SteeredLlamaEngine.Load(Exact(new SteeredLlamaOptions { ModelPath = model }).AddConcept(maps));
        using var client = new SteeredLlamaChatClient(engine);
        var generator = new SteeredLlamaTextGenerator(engine);
        FloorAnswer = (await client.GetResponseAsync(Question, Options(Strength))).Text;
        FloorText = (await generator.GenerateAsync(Beginning, Options(Strength)).ToChatResponseAsync()).Text;
        PlainAnswer = (await client.GetResponseAsync(Question, Options(0))).Text;
        PlainText = (await generator.GenerateAsync(Beginning, Options(0)).ToChatResponseAsync()).Text;
    }

    public ValueTask DisposeAsync()
    {
        (Kernel.Services as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes answers the same whoever shares a batch with them: half precision would round differently in another batch, and tip tokens that are close.</summary>
    private static SteeredLlamaOptions Exact(SteeredLlamaOptions options)
    {
        (options.Threads, options.Seed, options.KvCacheType, options.FlashAttention) = (1, 7, KvCacheType.F32, FlashAttention.Disabled);
        return options;
    }

    private static ChatOptions Options(double strength) => new()
    {
        Temperature = 0,
        MaxOutputTokens = MaxTokens,
        AdditionalProperties = new() { [SteeringKeys.Request] = new SteeringRequest { Concepts = new Dictionary<string, double> { ["toxicity"] = strength } } },
    };
}
