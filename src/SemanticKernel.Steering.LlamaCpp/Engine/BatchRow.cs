namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>What a row of a decode undergoes.</summary>
/// <param name="Owner">The request it belongs to.</param>
/// <param name="Plan">The plan in force for it.</param>
/// <param name="Kind">What it is to steering scopes.</param>
internal readonly record struct BatchRow(GenerationRequest Owner, CompiledPlan Plan, RowKind Kind)
{
    /// <summary>Equal for rows that are edited alike; 0 for those that are not edited.</summary>
    internal ulong Effect => Plan.EffectOn(Kind);
}
