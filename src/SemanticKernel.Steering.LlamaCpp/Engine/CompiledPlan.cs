using System.Globalization;
using SemanticKernel.Steering.LlamaCpp.Hooks;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>A plan laid out by the hooks of one model. Immutable.</summary>
internal sealed class CompiledPlan
{
    private readonly SteeringOperation[]?[] _operations;
    private readonly ConceptOperation[]?[] _byConcept;
    private readonly ulong[] _marks;

    /// <param name="plan">The plan.</param>
    /// <param name="table">The model's hooks.</param>
    /// <param name="isMeasured">Whether to prepare what <see cref="ShiftMeter"/> needs.</param>
    /// <exception cref="SteeringException">The plan edits a site the model's graph does not have, or in another width.</exception>
    internal CompiledPlan(SteeringPlan plan, HookTable table, bool isMeasured = false)
    {
        Plan = plan;
        _operations = new SteeringOperation[]?[table.Hooks.Count];
        _byConcept = new ConceptOperation[]?[table.Hooks.Count];
        ActiveHooks = new bool[table.Hooks.Count];
        foreach (var site in plan.Sites)
        {
            var hook = table.IndexOf(site);
            plan.TryGetOperations(site, out var operations);
            if (operations.Any(operation => operation.Width != table.Width))
            {
                throw new SteeringException($"The maps of {site} are {operations[0].Width} neurons wide, the model's hidden states {table.Width}.");
            }

            _operations[hook] = [.. operations];
            _byConcept[hook] = isMeasured ? [.. plan.OperationsByConcept(site).Select(part => new ConceptOperation(part.Concept, part.Operation))] : null;
            ActiveHooks[hook] = true;
            IsAffine &= operations.All(operation => operation.IsAffine);
        }

        _marks = [.. Enum.GetValues<RowKind>().Select(MarkOf)];
    }

    internal SteeringPlan Plan { get; }

    internal bool[] ActiveHooks { get; }

    /// <summary>Whether all that the plan does is to multiply and add.</summary>
    internal bool IsAffine { get; } = true;

    /// <summary>The operations at a hook in the order in which they act; empty where the plan does nothing.</summary>
    internal ReadOnlySpan<SteeringOperation> OperationsAt(int hook) => _operations[hook];

    /// <summary>What each concept by itself does at a hook, in the order in which they act; empty unless the plan was made for measuring.</summary>
    internal ReadOnlySpan<ConceptOperation> ByConceptAt(int hook) => _byConcept[hook];

    /// <summary>Tells apart what plans do to a token of a kind: equal marks mean equal edits, and 0 means none.</summary>
    /// <remarks>Saved conversations hold these marks: to make them otherwise needs another version of <see cref="States.StateEnvelope"/>.</remarks>
    internal ulong EffectOn(RowKind kind) => _marks[(int)kind];

    private ulong MarkOf(RowKind kind)
    {
        // Whether an operation acts on a kind depends on its scope alone.
        var scopes = 0UL;
        foreach (var operation in _operations.OfType<SteeringOperation[]>().SelectMany(operation => operation))
        {
            scopes |= SteeringCallback.Steers(operation.Scope, kind) ? 1UL << (int)operation.Scope : 0;
        }

        var plan = ulong.Parse(Plan.Fingerprint.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return scopes == 0 ? 0 : plan ^ (scopes << 56);
    }
}
