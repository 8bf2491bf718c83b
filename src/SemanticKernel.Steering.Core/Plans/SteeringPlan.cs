using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace SemanticKernel.Steering;

/// <summary>What the engine runs for one request: a policy and a request, resolved against map sets and compiled.</summary>
/// <remarks>Immutable and safe to share between threads. Only <see cref="SteeringPolicyResolver"/> makes plans, so that no path leads around the policy.</remarks>
public sealed class SteeringPlan
{
    private readonly FrozenDictionary<Site, ImmutableArray<SteeringOperation>> _operations;

    internal SteeringPlan(
        string fingerprint,
        IReadOnlyDictionary<string, double> strengths,
        IReadOnlyDictionary<Site, ImmutableArray<SteeringOperation>> operations)
    {
        Fingerprint = fingerprint;
        Strengths = strengths;
        _operations = operations.ToFrozenDictionary();
        Sites = new ReadOnlyCollection<Site>(operations.Keys.Order().ToArray());
        Violations = [];
    }

    /// <summary>The concepts in force with their strengths, in the order in which they act.</summary>
    internal IReadOnlyList<(MapSet Maps, double Strength)> Parts { get; init; } = [];

    private SteeringPlan(SteeringPlan plan, string policy, IReadOnlyList<StrengthViolation> violations)
    {
        Fingerprint = plan.Fingerprint;
        Strengths = plan.Strengths;
        _operations = plan._operations;
        Sites = plan.Sites;
        Policy = policy;
        Violations = violations;
        Parts = plan.Parts;
    }

    /// <summary>The policy the request was judged by; null where none are configured.</summary>
    public string? Policy { get; }

    /// <summary>What the request asked for and did not get, where violations are clamped.</summary>
    public IReadOnlyList<StrengthViolation> Violations { get; }

    /// <summary>A SHA-256 in hexadecimal over everything that decides the effect: contents, order and scope of the maps in force, and their strengths.</summary>
    /// <remarks>Equal fingerprints mean equal edits. All plans without operations share one.</remarks>
    public string Fingerprint { get; }

    /// <summary>The strength of every concept of the policy, or every registered one without policies; those at 0 included.</summary>
    public IReadOnlyDictionary<string, double> Strengths { get; }

    /// <summary>Whether the plan edits nothing.</summary>
    public bool IsEmpty => Sites.Count == 0;

    /// <summary>The sites that the plan edits, in graph order.</summary>
    public IReadOnlyList<Site> Sites { get; }

    /// <summary>What each concept by itself does at a site, in the order in which they act: for measuring, where composing would hide it.</summary>
    internal IEnumerable<(string Concept, SteeringOperation Operation)> OperationsByConcept(Site site)
    {
        foreach (var (maps, strength) in Parts.Where(part => part.Strength != 0))
        {
            if (maps.Operations.TryGetValue(site, out var map) && !map.IsIdentity
                && map.Compile(strength, maps.Metadata.Scope, site) is { } operation)
            {
                yield return (maps.Concept, operation);
            }
        }
    }

    /// <summary>The same edits under a policy's name.</summary>
    internal SteeringPlan Under(string policy, IReadOnlyList<StrengthViolation> violations) => new(this, policy, violations);

    /// <summary>Finds the operations of a site.</summary>
    /// <param name="site">The site.</param>
    /// <param name="operations">The operations in the order in which they act, at least one, when the plan edits the site.</param>
    /// <returns>Whether the plan edits the site.</returns>
    public bool TryGetOperations(Site site, out ImmutableArray<SteeringOperation> operations) =>
        _operations.TryGetValue(site, out operations);
}
