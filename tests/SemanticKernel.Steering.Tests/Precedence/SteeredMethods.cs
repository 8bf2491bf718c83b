namespace SemanticKernel.Steering.Tests.Precedence;

/// <summary>Methods with attributes that ask for what the precedence tests need.</summary>
internal sealed class SteeredMethods(Func<Task> action)
{
    internal const double Strength = 1;
    internal const double Weaker = 0.5;

    internal static Func<Task> For(SteeringRequest request, Func<Task> action)
    {
        var methods = new SteeredMethods(action);
        return request.Concepts.Count > 1 ? methods.BothAsync : methods.ToxicityAsync;
    }

    [Steer("toxicity", Strength)]
    public Task ToxicityAsync() => action();

    [Steer("toxicity", Weaker)]
    [Steer("politeness", 0.75)]
    public Task BothAsync() => action();
}
