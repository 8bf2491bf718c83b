using SemanticKernel.Steering.LlamaCpp.Chat;
using SemanticKernel.Steering.LlamaCpp.Engine;

namespace SemanticKernel.Steering.LlamaCpp.Health;

/// <summary>Reads the logits after a fixed text under a plan. No token of it is ever given out.</summary>
internal static class Canary
{
    private const string Text = "The quick brown fox";

    internal static async Task<float[]> ReadLogitsAsync(SteeredLlamaEngine engine, SteeringPlan plan, CancellationToken cancellationToken)
    {
        var prompt = engine.Template.Texts.Encode(Text).Tokens;
        var logits = new float[engine.Model.VocabularySize];
        var request = new GenerationRequest
        {
            Prompt = prompt,
            // What a plan does to answer tokens must show as well.
            PromptKinds = Enumerable.Repeat(RowKind.Generated, prompt.Length).ToArray(),
            Plan = new CompiledPlan(plan, engine.Model.Hooks),
            Sampling = new SamplerSettings { Temperature = 0 },
            MaxTokens = 1,
            Stops = new StopMatcher([]),
            Output = new TokenStream(1),
            CancellationToken = cancellationToken,
            OnLogits = (values, _) => values.CopyTo(logits),
        };
        engine.Loop.Submit(request);
        using var registration = cancellationToken.UnsafeRegister(_ => engine.Loop.Stop(request), null);
        await EngineCall.DrainAsync(request).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return request.Output.Error is { } error ? throw new SteeringException($"The canary failed: {error.Message}", error) : logits;
    }
}
