namespace SemanticKernel.Steering.LlamaCpp.Tests.Configuration;

/// <summary>Short ways to ask an engine for a plan.</summary>
internal static class Requests
{
    internal static SteeringRequest Of(params (string Concept, double Strength)[] wishes) =>
        new() { Concepts = wishes.ToDictionary(wish => wish.Concept, wish => wish.Strength) };

    internal static SteeringRequest Under(string policy, params (string Concept, double Strength)[] wishes) =>
        new() { Policy = policy, Concepts = wishes.ToDictionary(wish => wish.Concept, wish => wish.Strength) };

    internal static double StrengthOf(this SteeredLlamaEngine engine, string concept) =>
        engine.Steering.Resolve(SteeringRequest.Empty).Strengths[concept];

    internal static SteeringPolicyException Refuses(SteeredLlamaEngine engine, SteeringRequest request) =>
        Assert.Throws<SteeringPolicyException>(() => engine.Steering.Resolve(request));
}
