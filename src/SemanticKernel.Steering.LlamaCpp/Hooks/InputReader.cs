namespace SemanticKernel.Steering.LlamaCpp.Hooks;

/// <summary>
/// What kind of node reads an input: <c>GET_ROWS</c> from weights reads token ids, for example, <c>ROPE</c> on computed values
/// reads positions. It keeps apart inputs that happen to hold the same numbers.
/// </summary>
/// <param name="Operation">The node's <c>ggml_op</c>.</param>
/// <param name="FromWeights">Whether the input selects from weights, as opposed to acting on what was computed before.</param>
internal readonly record struct InputReader(int Operation, bool FromWeights);
