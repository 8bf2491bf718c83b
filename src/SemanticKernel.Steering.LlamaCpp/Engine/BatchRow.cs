namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>What a row of a decode undergoes.</summary>
/// <param name="Owner">The request it belongs to.</param>
/// <param name="Plan">The plan in force for it.</param>
/// <param name="Kind">What it is to steering scopes.</param>
internal readonly record struct BatchRow(GenerationRequest Owner, CompiledPlan Plan, RowKind Kind)
{
    /// <summary>Equal for rows that are edited alike; 0 for those that are not edited.</summary>
    internal ulong Effect => Plan.EffectOn(Kind);

    /// <summary>Whether the row after this one is edited in the same go: as this one, and for the same request where somebody wants to know what that one took or did.</summary>
    internal bool IsEditedWith(in BatchRow next) =>
        Plan == next.Plan && Kind == next.Kind && (Owner == next.Owner || (Owner is { Clock: null, Meter: null } && next.Owner is { Clock: null, Meter: null }));
}
