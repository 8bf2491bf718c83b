namespace SemanticKernel.Steering;

/// <summary>What a filter chose for the function that is running, so that the calls it makes are steered alike. Flows with async calls.</summary>
internal static class AmbientSteering
{
    private static readonly AsyncLocal<SteeringRequest?> Value = new();

    internal static SteeringRequest? Current => Value.Value;

    internal static IDisposable Begin(SteeringRequest request)
    {
        var before = Value.Value;
        Value.Value = request;
        return new Restore(before);
    }

    private sealed class Restore(SteeringRequest? before) : IDisposable
    {
        public void Dispose() => Value.Value = before;
    }
}
