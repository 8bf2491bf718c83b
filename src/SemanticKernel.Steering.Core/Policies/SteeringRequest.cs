using System.Collections.Frozen;

namespace SemanticKernel.Steering;

/// <summary>What one call asks for: a policy, strengths of single concepts, or both. Immutable and safe to share between threads.</summary>
/// <remarks>A request is only a wish: names and strengths are judged by <see cref="SteeringPolicyResolver"/>.</remarks>
public sealed class SteeringRequest
{
    /// <summary>The request that asks for nothing in particular.</summary>
    public static SteeringRequest Empty { get; } = new();

    /// <summary>The name of a policy; null for the default.</summary>
    public string? Policy { get; init; }

    /// <summary>Strengths by concept: 0 = off, 1 = full transport, above 1 further, below 0 away. Copied when set.</summary>
    /// <value>The default is empty.</value>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyDictionary<string, double> Concepts
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.ToFrozenDictionary(StringComparer.Ordinal);
        }
    } = FrozenDictionary<string, double>.Empty;
}
