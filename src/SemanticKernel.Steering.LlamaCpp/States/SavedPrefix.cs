namespace SemanticKernel.Steering.LlamaCpp.States;

/// <summary>Computed tokens, taken out of an engine's cache or to be put into one.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Effects">What steering did to each, as <see cref="Engine.CompiledPlan.EffectOn"/> tells.</param>
/// <param name="Values">What llama.cpp holds of them. Opaque.</param>
internal sealed record SavedPrefix(int[] Tokens, ulong[] Effects, byte[] Values);
