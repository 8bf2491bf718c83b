namespace SemanticKernel.Steering.LlamaCpp.Configuration;

/// <summary>Loads the maps of a configuration and builds its resolver. Everything that is wrong is collected.</summary>
internal static class ResolverBuilder
{
    /// <param name="configuration">What is configured.</param>
    /// <param name="fromCode">Concepts registered in code.</param>
    /// <param name="policiesFromCode">Policies registered in code.</param>
    /// <param name="checkMap">Refuses a map set that does not fit the model.</param>
    /// <param name="mistakes">Where mistakes go.</param>
    /// <returns>The resolver, or null if there are mistakes.</returns>
    internal static SteeringPolicyResolver? Build(
        SteeringConfiguration configuration,
        IReadOnlyList<MapSet> fromCode,
        IReadOnlyList<SteeringPolicy> policiesFromCode,
        Action<MapSet> checkMap,
        ConfigurationMistakes mistakes)
    {
        var maps = fromCode.ToDictionary(map => map.Concept, StringComparer.Ordinal);
        foreach (var concept in configuration.Concepts)
        {
            if (Load(concept, checkMap, mistakes) is { } map && !maps.TryAdd(concept.Name, map))
            {
                mistakes.Add(concept.ConfigurationPath, "the concept is registered in code as well");
            }
        }

        var policies = policiesFromCode.Concat(configuration.Policies.Select(policy => Order(policy, maps, mistakes)).OfType<SteeringPolicy>()).ToArray();
        if (mistakes.Any)
        {
            return null;
        }

        try
        {
            var resolver = new SteeringPolicyResolver(maps, policies, configuration.DefaultPolicy, configuration.OnViolation);
            foreach (var policy in resolver.Policies.Keys)
            {
                TryOut(resolver, policy, configuration.Path, mistakes);
            }

            return mistakes.Any ? null : resolver;
        }
        catch (SteeringException error)
        {
            mistakes.Add($"{configuration.Path}:{(error is MapSetMismatchException ? "Concepts" : "Policies")}", error.Message);
            return null;
        }
    }

    /// <summary>A policy whose own strengths overflow would refuse every request.</summary>
    private static void TryOut(SteeringPolicyResolver resolver, string policy, string path, ConfigurationMistakes mistakes)
    {
        try
        {
            resolver.Resolve(new SteeringRequest { Policy = policy });
        }
        catch (SteeringPolicyException error)
        {
            mistakes.Add($"{path}:Policies:{policy}", error.Message);
        }
    }

    private static MapSet? Load(ConceptSource concept, Action<MapSet> checkMap, ConfigurationMistakes mistakes)
    {
        try
        {
            var map = MapSet.Load(concept.MapPath);
            if (map.Concept != concept.Name)
            {
                mistakes.Add(concept.ConfigurationPath, $"'{concept.MapPath}' holds the concept '{map.Concept}'");
                return null;
            }

            // The hash is that of the very bytes that were parsed.
            if (concept.Sha256 is { } expected && expected != map.ContentHash)
            {
                mistakes.Add($"{concept.ConfigurationPath}:Sha256", $"'{concept.MapPath}' has the hash {map.ContentHash}");
                return null;
            }

            checkMap(map);
            return map;
        }
        catch (Exception error) when (error is SteeringException or IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{concept.ConfigurationPath}:Map", error.Message);
            return null;
        }
    }

    private static SteeringPolicy? Order(PolicySource policy, Dictionary<string, MapSet> maps, ConfigurationMistakes mistakes)
    {
        var names = policy.Listed;
        if (policy.Order is { } order && (order.Count != names.Count || order.Distinct(StringComparer.Ordinal).Count() != order.Count || order.Except(names).Any()))
        {
            mistakes.Add($"{policy.ConfigurationPath}:Order", $"must name every concept of the policy once: {string.Join(", ", names)}");
            return null;
        }

        if (policy.Rules.Count != names.Count)
        {
            return null;
        }

        if (policy.Order is null && FindSharedSite(names, maps) is var (first, second, site))
        {
            mistakes.Add($"{policy.ConfigurationPath}:Order", $"is required, because '{first}' and '{second}' share {site}, where the second sees what the first produced");
            return null;
        }

        try
        {
            var rules = policy.Order is null ? policy.Rules : [.. policy.Order.Select(name => policy.Rules.First(rule => rule.Concept == name))];
            return new SteeringPolicy(policy.Name, rules, policy.Exclusive);
        }
        catch (ArgumentException error)
        {
            mistakes.Add(policy.ConfigurationPath, error.Message);
            return null;
        }
    }

    private static (string First, string Second, Site Site)? FindSharedSite(IReadOnlyList<string> names, Dictionary<string, MapSet> maps)
    {
        foreach (var first in names.Where(maps.ContainsKey))
        {
            foreach (var second in names.Where(name => string.CompareOrdinal(name, first) > 0 && maps.ContainsKey(name)))
            {
                foreach (var site in maps[first].Operations.Keys.Where(maps[second].Operations.ContainsKey))
                {
                    return (first, second, site);
                }
            }
        }

        return null;
    }
}
