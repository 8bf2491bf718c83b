using Microsoft.SemanticKernel;
using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>A kernel on two concepts and two lenient policies, so that what is in force shows who asked.</summary>
internal static class TwoPolicies
{
    internal const string Default = "calm";
    internal const string Other = "lively";

    internal const string Toxicity = "toxicity";
    internal const string Politeness = "politeness";

    internal static Kernel Open(TinyChatFixture tinyChat) =>
        Kernel.CreateBuilder().AddSteeredLlama(TinyChatFixture.ModelId, TinyChatFixture.ModelPath, options => Configure(options, tinyChat)).Build();

    internal static void Configure(SteeredLlamaOptions options, TinyChatFixture tinyChat)
    {
        tinyChat.Configure(options);
        options.AddConcept(tinyChat.Politeness)
            .AddPolicy(new SteeringPolicy(Default, [Free(Toxicity, 0), Free(Politeness, 0)]))
            .AddPolicy(new SteeringPolicy(Other, [Free(Toxicity, 0.25), Free(Politeness, 0.25)]));
        options.DefaultPolicy = Default;
    }

    private static ConceptPolicy Free(string concept, double strength) => new(concept, strength, -2, 2, StrengthOverride.Within);
}
