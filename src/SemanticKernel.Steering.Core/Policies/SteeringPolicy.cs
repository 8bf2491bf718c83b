using System.Collections.ObjectModel;

namespace SemanticKernel.Steering;

/// <summary>A named set of rules: which concepts are steered, how strongly, and what a request may change. Immutable and safe to share between threads.</summary>
public sealed class SteeringPolicy
{
    /// <summary>Creates a policy.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="concepts">A rule per concept, in the order in which the concepts act on a shared site: the second sees what the first produced.</param>
    /// <param name="exclusive">Groups of concepts of which only one may be steered at a time.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty, a concept stands twice, or an exclusive group has fewer than two concepts, a concept without a rule, or two that the policy itself steers.
    /// </exception>
    public SteeringPolicy(string name, IEnumerable<ConceptPolicy> concepts, IEnumerable<IEnumerable<string>>? exclusive = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(concepts);
        Name = name;
        Concepts = Array.AsReadOnly(concepts.ToArray());
        if (Concepts.GroupBy(rule => rule.Concept).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"The policy '{name}' has two rules for '{repeated.Key}'.", nameof(concepts));
        }

        Exclusive = Array.AsReadOnly((exclusive ?? []).Select(group => Array.AsReadOnly(group.ToArray())).ToArray());
        foreach (var group in Exclusive)
        {
            Check(group, nameof(exclusive));
        }
    }

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>The rules, in the order in which the concepts act.</summary>
    public IReadOnlyList<ConceptPolicy> Concepts { get; }

    /// <summary>Groups of concepts of which only one may have a strength other than 0.</summary>
    public IReadOnlyList<ReadOnlyCollection<string>> Exclusive { get; }

    private void Check(ReadOnlyCollection<string> group, string parameter)
    {
        if (group.Distinct(StringComparer.Ordinal).Count() != group.Count || group.Count < 2)
        {
            throw new ArgumentException($"The policy '{Name}' has an exclusive group [{string.Join(", ", group)}] that does not name two or more different concepts.", parameter);
        }

        if (group.FirstOrDefault(concept => Concepts.All(rule => rule.Concept != concept)) is { } stranger)
        {
            throw new ArgumentException($"The policy '{Name}' has an exclusive group with '{stranger}', for which it has no rule.", parameter);
        }

        if (Concepts.Count(rule => rule.Strength != 0 && group.Contains(rule.Concept)) > 1)
        {
            throw new ArgumentException($"The policy '{Name}' itself steers more than one of the exclusive concepts [{string.Join(", ", group)}].", parameter);
        }
    }
}
