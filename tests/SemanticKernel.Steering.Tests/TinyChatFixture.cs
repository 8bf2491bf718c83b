using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp;

[assembly: AssemblyFixture(typeof(SemanticKernel.Steering.Tests.TinyChatFixture))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace SemanticKernel.Steering.Tests;

/// <summary>TinyChat with a toxicity map fitted once, and a kernel on it that tests share.</summary>
public sealed class TinyChatFixture : IAsyncLifetime
{
    public const string ModelId = "tinychat";

    private const int ExamplesPerSide = 64;

    public static string ModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "tinychat", "tinychat.gguf");

    public MapSet Toxicity { get; private set; } = null!;

    /// <summary>The same maps under another name, for tests with two concepts.</summary>
    public MapSet Politeness { get; private set; } = null!;

    public Kernel Kernel { get; private set; } = null!;

    public SteeredLlamaEngine Engine => Kernel.GetRequiredService<SteeredLlamaEngine>();

    /// <summary>Options of every test engine: quick, reproducible, and able to steer toxicity.</summary>
    public void Configure(SteeredLlamaOptions options)
    {
        options.Threads = 1;
        options.Seed = 7;
        options.AddConcept(Toxicity);
    }

    public static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "assets", "tinychat", "data", file);

    public async ValueTask InitializeAsync()
    {
        var all = ConceptData.LoadJsonLines("toxicity", Data("toxicity.source.jsonl"), Data("toxicity.target.jsonl"));
        var some = new ConceptData("toxicity", [.. all.Source.Take(ExamplesPerSide)], [.. all.Target.Take(ExamplesPerSide)]);
        using var fitter = LlamaSteeringFitter.Open(new SteeredLlamaOptions { ModelPath = ModelPath, Threads = 1 });
        Toxicity = await fitter.FitAsync(some, new FitOptions { Estimator = TransportEstimator.Mean });
        Politeness = new MapSet(Toxicity.Metadata with { Concept = "politeness" }, Toxicity.Maps);
        Kernel = Kernel.CreateBuilder().AddSteeredLlama(ModelId, ModelPath, Configure).Build();
    }

    public ValueTask DisposeAsync()
    {
        (Kernel.Services as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
