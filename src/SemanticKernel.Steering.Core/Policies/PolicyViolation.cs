namespace SemanticKernel.Steering;

/// <summary>What happens when a request asks for a strength its policy does not allow.</summary>
public enum PolicyViolation
{
    /// <summary>The request is refused with a <see cref="SteeringPolicyException"/>. The default.</summary>
    Throw,

    /// <summary>The nearest strength the policy allows is used. Unknown concepts and strengths that are not finite are refused all the same.</summary>
    Clamp,
}
