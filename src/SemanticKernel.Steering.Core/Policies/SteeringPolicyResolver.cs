using System.Collections.ObjectModel;

namespace SemanticKernel.Steering;

/// <summary>Turns what a call asks for into what the engine runs, or refuses. The only way to a <see cref="SteeringPlan"/>.</summary>
/// <remarks>Immutable and safe for concurrent use. Plans are cached, so asking for the same strengths again costs little.</remarks>
public sealed class SteeringPolicyResolver
{
    private readonly ReadOnlyCollection<MapSet> _maps;
    private readonly ReadOnlyDictionary<string, SteeringPolicy> _policies;
    private readonly PolicyViolation _onViolation;
    private readonly PlanCache _plans = new();

    /// <summary>Creates a resolver without policies: every concept rests at strength 0 and may be set freely.</summary>
    /// <param name="concepts">The concepts by name. Their order is the order in which they act on a shared site: the second sees what the first produced.</param>
    /// <exception cref="SteeringPolicyException">A name is invalid, registered twice or not the map set's own, or a map set does nothing.</exception>
    /// <exception cref="MapSetMismatchException">The map sets were fitted on different base models.</exception>
    public SteeringPolicyResolver(IEnumerable<KeyValuePair<string, MapSet>> concepts)
        : this(concepts, [], defaultPolicy: null)
    {
    }

    /// <summary>Creates a resolver with policies.</summary>
    /// <param name="concepts">The concepts by name.</param>
    /// <param name="policies">The policies. Without any, every concept rests at strength 0 and may be set freely.</param>
    /// <param name="defaultPolicy">The policy of requests that name none; required when there are policies.</param>
    /// <param name="onViolation">What happens when a request asks for a strength its policy does not allow.</param>
    /// <exception cref="SteeringPolicyException">
    /// A name is invalid, registered twice or not the map set's own, a map set does nothing, a policy stands twice or has a rule for a concept
    /// that is not registered, or the default policy is missing.
    /// </exception>
    /// <exception cref="MapSetMismatchException">The map sets were fitted on different base models.</exception>
    public SteeringPolicyResolver(
        IEnumerable<KeyValuePair<string, MapSet>> concepts,
        IEnumerable<SteeringPolicy> policies,
        string? defaultPolicy,
        PolicyViolation onViolation = PolicyViolation.Throw)
    {
        ArgumentNullException.ThrowIfNull(concepts);
        ArgumentNullException.ThrowIfNull(policies);
        var maps = new List<MapSet>();
        foreach (var (name, map) in concepts)
        {
            Check(name, map, maps);
            maps.Add(map);
        }

        _maps = maps.AsReadOnly();
        Concepts = maps.Select(map => map.Concept).ToList().AsReadOnly();
        _policies = new ReadOnlyDictionary<string, SteeringPolicy>(Check(policies));
        _onViolation = onViolation;
        DefaultPolicy = Check(defaultPolicy);
    }

    /// <summary>The names of the registered concepts, in the order in which they act where no policy says otherwise.</summary>
    public IReadOnlyList<string> Concepts { get; }

    /// <summary>The policies by name; empty where none are configured.</summary>
    public IReadOnlyDictionary<string, SteeringPolicy> Policies => _policies;

    /// <summary>The policy of requests that name none; null where none are configured.</summary>
    public string? DefaultPolicy { get; }

    internal IReadOnlyList<MapSet> MapSets => _maps;

    /// <summary>Resolves a request.</summary>
    /// <param name="request">What the call asks for.</param>
    /// <returns>The plan. Concepts that the request does not name have the policy's strength, or 0 where no policies are configured.</returns>
    /// <exception cref="SteeringPolicyException">
    /// A concept or policy is unknown, a strength is NaN, infinite or not allowed by the policy, or so large that a map overflows.
    /// </exception>
    public SteeringPlan Resolve(SteeringRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var (concept, strength) in request.Concepts)
        {
            if (!Concepts.Contains(concept))
            {
                throw new SteeringPolicyException(
                    $"There is no concept '{concept}'. Registered: {(Concepts.Count == 0 ? "none" : string.Join(", ", Concepts))}.");
            }

            if (!double.IsFinite(strength))
            {
                throw new SteeringPolicyException($"The strength of '{concept}' is {strength}; it must be finite.");
            }
        }

        if (FindPolicy(request.Policy) is not { } policy)
        {
            return _plans.GetOrCompile(_maps.Select(map => (map, request.Concepts.GetValueOrDefault(map.Concept))).ToArray());
        }

        var (strengths, violations) = PolicyRules.Apply(policy, request, _onViolation);
        var plan = _plans.GetOrCompile(policy.Concepts.Select((rule, index) => (_maps.First(map => map.Concept == rule.Concept), strengths[index])).ToArray());
        return plan.Under(policy.Name, violations);
    }

    private SteeringPolicy? FindPolicy(string? name)
    {
        if ((name ?? DefaultPolicy) is not { } wanted)
        {
            return null;
        }

        return _policies.TryGetValue(wanted, out var policy)
            ? policy
            : throw new SteeringPolicyException(
                $"There is no policy '{wanted}'{(_policies.Count == 0 ? ": none are configured." : $". Configured: {string.Join(", ", _policies.Keys.Order(StringComparer.Ordinal))}.")}");
    }

    private Dictionary<string, SteeringPolicy> Check(IEnumerable<SteeringPolicy> policies)
    {
        var checkedPolicies = new Dictionary<string, SteeringPolicy>(StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            ArgumentNullException.ThrowIfNull(policy, nameof(policies));
            if (policy.Concepts.FirstOrDefault(rule => !Concepts.Contains(rule.Concept)) is { } rule)
            {
                throw new SteeringPolicyException($"The policy '{policy.Name}' has a rule for '{rule.Concept}', which is not registered.");
            }

            if (!checkedPolicies.TryAdd(policy.Name, policy))
            {
                throw new SteeringPolicyException($"There are two policies '{policy.Name}'.");
            }
        }

        return checkedPolicies;
    }

    private string? Check(string? defaultPolicy)
    {
        if (_policies.Count > 0 && defaultPolicy is null)
        {
            throw new SteeringPolicyException("There are policies but no default policy. Name one, so that requests that choose none have a floor.");
        }

        return defaultPolicy is null || _policies.ContainsKey(defaultPolicy)
            ? defaultPolicy
            : throw new SteeringPolicyException($"The default policy '{defaultPolicy}' does not exist.");
    }

    private static void Check(string name, MapSet map, List<MapSet> registered)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!ConceptName.IsValid(name))
        {
            throw new SteeringPolicyException($"'{name}' is no concept name: it must match [a-z0-9][a-z0-9._-]{{0,63}}.");
        }

        if (name != map.Concept)
        {
            throw new SteeringPolicyException($"The map set registered as '{name}' was fitted for concept '{map.Concept}'.");
        }

        if (registered.Any(other => other.Concept == name))
        {
            throw new SteeringPolicyException($"The concept '{name}' is registered twice.");
        }

        if (map.DoesNothing)
        {
            throw new SteeringPolicyException($"The map set of '{name}' does nothing: every neuron is left alone.");
        }

        // Widths and layers come from the file just as the hash does, so they are compared as well.
        var model = map.Metadata.Model;
        if (registered.FirstOrDefault(other => !other.Metadata.Model.HasSameBase(model)) is { } stranger)
        {
            throw new MapSetMismatchException(
                $"The maps of '{name}' were fitted on model {model}, those of '{stranger.Concept}' on {stranger.Metadata.Model}.");
        }
    }
}
