namespace SemanticKernel.Steering;

/// <summary>A steering request was refused, or concepts cannot be registered as asked.</summary>
/// <remarks>Raised for unknown concepts and policies, strengths that are not finite, and combinations that overflow. The call must not go on unsteered.</remarks>
public sealed class SteeringPolicyException : SteeringException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What was refused and why.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public SteeringPolicyException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The policy that refused; null where something else was wrong.</summary>
    internal string? Policy { get; init; }

    /// <summary>The strengths that were outside of what the policy allows, with the nearest allowed ones.</summary>
    internal IReadOnlyList<StrengthViolation> Violations { get; init; } = [];
}
