namespace SemanticKernel.Steering;

/// <summary>Applies a policy to what a request asks for.</summary>
internal static class PolicyRules
{
    /// <summary>Judges every concept of a policy.</summary>
    /// <returns>The strengths in the policy's order, and what was clamped.</returns>
    /// <exception cref="SteeringPolicyException">The request asks for what the policy does not allow.</exception>
    public static (double[] Strengths, IReadOnlyList<StrengthViolation> Violations) Apply(SteeringPolicy policy, SteeringRequest request, PolicyViolation onViolation)
    {
        if (request.Concepts.Keys.FirstOrDefault(concept => policy.Concepts.All(rule => rule.Concept != concept)) is { } unlisted)
        {
            throw new SteeringPolicyException(
                $"The policy '{policy.Name}' does not list the concept '{unlisted}'. It lists: {(policy.Concepts.Count == 0 ? "none" : string.Join(", ", policy.Concepts.Select(rule => rule.Concept)))}.");
        }

        var violations = new List<StrengthViolation>();
        var strengths = policy.Concepts.Select(rule => Judge(rule, request, violations)).ToArray();
        if (violations.Count > 0 && onViolation == PolicyViolation.Throw)
        {
            var refused = violations.Select(violation => $"allows {Describe(policy.Concepts.First(rule => rule.Concept == violation.Concept))} for '{violation.Concept}', not {violation.Asked}");
            throw new SteeringPolicyException($"The policy '{policy.Name}' {string.Join(", and ", refused)}.") { Policy = policy.Name, Violations = violations };
        }

        foreach (var group in policy.Exclusive)
        {
            if (policy.Concepts.Where((rule, index) => strengths[index] != 0 && group.Contains(rule.Concept)).Skip(1).Any())
            {
                throw new SteeringPolicyException($"The policy '{policy.Name}' allows only one of [{string.Join(", ", group)}] at a time.");
            }
        }

        return (strengths, violations);
    }

    private static double Judge(ConceptPolicy rule, SteeringRequest request, List<StrengthViolation> violations)
    {
        if (!request.Concepts.TryGetValue(rule.Concept, out var asked))
        {
            return rule.Strength;
        }

        var (low, high) = rule.Allowed;
        if (asked >= low && asked <= high)
        {
            return asked;
        }

        // NaN fails both comparisons above and is never clamped.
        if (!double.IsFinite(asked))
        {
            throw new SteeringPolicyException($"The strength of '{rule.Concept}' is {asked}; it must be finite.");
        }

        var used = Math.Clamp(asked, low, high);
        violations.Add(new StrengthViolation(rule.Concept, asked, used));
        return used;
    }

    private static string Describe(ConceptPolicy rule)
    {
        var (low, high) = rule.Allowed;
        return low == high ? $"only strength {low}" : $"strengths from {low} to {high}";
    }
}
