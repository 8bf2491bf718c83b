using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Engine;

/// <summary>Requests that only own rows.</summary>
internal static class RequestFor
{
    internal static GenerationRequest Plan(CompiledPlan plan) => new()
    {
        Prompt = [0],
        PromptKinds = [RowKind.LastUserTurn],
        Plan = plan,
        Sampling = new SamplerSettings(),
        MaxTokens = 1,
        Stops = new StopMatcher([]),
        Output = new TokenStream(1),
    };
}
