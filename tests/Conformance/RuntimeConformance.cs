using SemanticKernel.Steering.LlamaCpp;
using SemanticKernel.Steering.LlamaCpp.Engine;
using SemanticKernel.Steering.LlamaCpp.Tests;
using SemanticKernel.Steering.LlamaCpp.Tests.Serving;
using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.Conformance;

/// <summary>
/// What every runtime must do: the same tests run on llama.cpp called directly and through other bindings. Linked into the
/// test projects of those.
/// </summary>
public abstract partial class RuntimeConformance
{
    protected const string Question = "Tell me a story about a cow.";

    private static int s_count;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes an engine with these options run on the runtime under test.</summary>
    protected abstract void Use(SteeredLlamaOptions options);

    protected SteeredLlamaOptions Options(string path, params MapSet[] maps)
    {
        var options = TestEngine.Options(path, maps);
        Use(options);
        return options;
    }

    protected SteeredLlamaEngine Open(string path, params MapSet[] maps) => TestEngine.Open(Options(path, maps));

    private protected static LlamaSteeringFitter OpenFitter(SteeredLlamaOptions options) => LlamaSteeringFitter.Open(options, cancellationToken: Token);

    private protected SteeredLlamaEngine OpenServing(StateAccess access = StateAccess.Auto)
    {
        var options = ServingEngine.Options(ServingEngine.Model());
        options.StateAccess = access;
        Use(options);
        return TestEngine.Open(options);
    }

    /// <summary>A model no other test has open, so that its weights are really freed, and whose greedy answers do not end by themselves.</summary>
    private protected static string OwnModel() => TestModelCache.Get(new RandomModelOptions
    {
        Architecture = ModelArchitecture.Qwen3, ContextLength = 2048, IsEndless = true, Name = $"conformance {Interlocked.Increment(ref s_count)}",
    });

    private static Task<Outcome[]> RunAsync(SteeredLlamaEngine engine, params Script[] scripts) => Schedule.RunAsync(engine, scripts);

    private static Script Asks(IReadOnlyDictionary<string, double> strengths, int seed = 1) =>
        new() { Prompt = ServingEngine.Prompt(new Random(seed), 40), LastUserTurn = 20, Strengths = strengths };
}
