using SemanticKernel.Steering.LlamaCpp;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>A concept that moves every neuron of every block output a little: the work of a real one without its effect.</summary>
internal static class SmallShift
{
    internal const string Concept = "small-shift";

    internal static MapSet Of(LlamaModel model) => Of(model, Concept, 1.0001f, 1e-4f, SteeringScope.All);

    /// <summary>The same with other values.</summary>
    internal static MapSet Of(LlamaModel model, string concept, float everySlope, float everyIntercept, SteeringScope scope)
    {
        var slope = Enumerable.Repeat(everySlope, model.Width).ToArray();
        var intercept = Enumerable.Repeat(everyIntercept, model.Width).ToArray();
        return new MapSet(
            new MapSetMetadata { Concept = concept, Model = model.Identity, Scope = scope },
            model.HookPoints.Where(hook => hook.Site.Hook == HookPoint.BlockOutput)
                .Select(hook => KeyValuePair.Create(hook.Site, new TransportMap(slope, intercept))));
    }
}
