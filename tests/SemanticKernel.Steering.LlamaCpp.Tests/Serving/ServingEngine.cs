using SemanticKernel.Steering.TestModels;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Serving;

/// <summary>Engines with one concept per steering scope, on small random models whose greedy answers do not end by themselves.</summary>
internal static class ServingEngine
{
    internal const string All = "all";
    internal const string LastTurn = "last-turn";
    internal const string Generated = "generated";

    /// <summary>Largest difference between logits of one request in batches of different shapes.</summary>
    internal const float Tolerance = Outcome.Tolerance;

    internal static string Model(ModelArchitecture architecture = ModelArchitecture.Qwen3) =>
        TestModelCache.Get(new RandomModelOptions { Architecture = architecture, ContextLength = 512, Name = "serving", IsEndless = true });

    internal static SteeredLlamaOptions Options(string path, int concurrent = 6)
    {
        var options = TestEngine.Options(
            path,
            TestMaps.Shift(path, All, 0.3f),
            TestMaps.Shift(path, LastTurn, -0.3f, SteeringScope.FromLastUserTurn),
            TestMaps.Shift(path, Generated, 0.2f, SteeringScope.Generated));
        (options.MaxConcurrentRequests, options.BatchSize) = (concurrent, 64);
        return options;
    }

    internal static SteeredLlamaEngine Open(Action<SteeredLlamaOptions>? configure = null, ModelArchitecture architecture = ModelArchitecture.Qwen3)
    {
        var options = Options(Model(architecture));
        configure?.Invoke(options);
        return TestEngine.Open(options);
    }

    internal static Dictionary<string, double> Strength(string concept, double strength) => new() { [concept] = strength };

    internal static int[] Prompt(Random random, int length) => RandomScripts.Prompt(random, length);

    internal static Dictionary<string, double> RandomStrengths(Random random) => RandomScripts.Strengths(random, [All, LastTurn, Generated]);
}
