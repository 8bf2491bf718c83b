namespace SemanticKernel.Steering;

/// <summary>What a request may do to a concept's strength under a policy.</summary>
public enum StrengthOverride
{
    /// <summary>Nothing: the policy's strength holds. The default.</summary>
    Deny,

    /// <summary>Move it further from 0 with the same sign, up to the policy's limit on that side. A strength of 0 counts as positive.</summary>
    Raise,

    /// <summary>Set it anywhere between the policy's lower and upper limit.</summary>
    Within,
}
