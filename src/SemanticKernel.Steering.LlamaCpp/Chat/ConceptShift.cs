namespace SemanticKernel.Steering;

/// <summary>What a concept did to the hidden states of one answer and its prompt, as far as the prompt was not in the cache already.</summary>
/// <param name="GatedShare">The share of values outside of the maps' support, which were left alone, from 0 to 1.</param>
/// <param name="MeanShift">The mean absolute change of a value, in the units of the hidden state.</param>
public readonly record struct ConceptShift(double GatedShare, double MeanShift);
