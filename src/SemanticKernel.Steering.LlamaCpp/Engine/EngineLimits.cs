namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>How much an engine does at once.</summary>
/// <param name="MaxConcurrentRequests">Answers under way at once.</param>
/// <param name="MaxQueuedRequests">Requests that may wait beyond those.</param>
/// <param name="ContextSize">Tokens of one request, prompt and answer together.</param>
/// <param name="CacheSize">Tokens in the KV cache, all requests and kept prefixes together.</param>
/// <param name="BatchSize">Tokens per decode.</param>
internal sealed record EngineLimits(int MaxConcurrentRequests, int MaxQueuedRequests, int ContextSize, int CacheSize, int BatchSize);
