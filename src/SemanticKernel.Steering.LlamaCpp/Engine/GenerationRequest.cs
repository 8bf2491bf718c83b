using System.Buffers;

namespace SemanticKernel.Steering.LlamaCpp.Engine;

/// <summary>One answer to be generated.</summary>
internal sealed class GenerationRequest
{
    private const int Queued = 0;
    private const int Taken = 1;

    private volatile bool _isAbandoned;
    private CompiledPlan? _plan;
    private int _state;

    internal required int[] Prompt { get; init; }

    /// <summary>What each prompt token is to steering scopes.</summary>
    internal required RowKind[] PromptKinds { get; init; }

    /// <summary>What the next decode applies. May be replaced while the answer runs, from any thread.</summary>
    internal required CompiledPlan Plan
    {
        get => Volatile.Read(ref _plan)!;
        set => Volatile.Write(ref _plan, value);
    }

    /// <summary>Whose cached prompts this request may share, and who may share its own.</summary>
    internal string? CacheScope { get; init; }

    /// <summary>Whether somebody has taken the request: the engine to run it, or the caller to cancel it.</summary>
    internal bool IsTaken => Volatile.Read(ref _state) == Taken;

    /// <summary>Receives the time spent in the eval callback, if anyone wants to know.</summary>
    internal CallbackClock? Clock { get; init; }

    /// <summary>Receives what steering does to values, if the request asks for it.</summary>
    internal ShiftMeter? Meter { get; init; }

    /// <summary>Sees the logits of every token, with its number, on the engine's thread, if anyone wants them.</summary>
    internal ReadOnlySpanAction<float, int>? OnLogits { get; init; }

    internal required SamplerSettings Sampling { get; init; }

    internal required int MaxTokens { get; init; }

    internal required StopMatcher Stops { get; init; }

    internal required TokenStream Output { get; init; }

    internal CancellationToken CancellationToken { get; init; }

    /// <summary>Whether nobody will read the rest, or the caller has cancelled.</summary>
    internal bool IsUnwanted => _isAbandoned || CancellationToken.IsCancellationRequested;

    /// <summary>Marks the answer as one nobody will read on.</summary>
    internal void Abandon() => _isAbandoned = true;

    /// <summary>Takes the request out of the queue, to run it or to cancel it there. Only the first caller gets it.</summary>
    internal bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;
}
